#include "history/attributes.hpp"

#include <cerrno>
#include <string_view>
#include <vector>

#include <sys/xattr.h>

namespace quantconf::history {
namespace {

constexpr std::string_view kAccessList = "system.posix_acl_access";
constexpr std::size_t kNamesBytes = 65'536;  ///< The kernel's own limits: XATTR_LIST_MAX
constexpr std::size_t kValueBytes = 65'536;  ///< and XATTR_SIZE_MAX.

bool has_no_attributes(int number) {
    return number == ENOTSUP || number == ENOSYS;
}

/// Of the kernel's security modules and of root alone: their policy decides what the new file gets.
bool is_policy(std::string_view name) {
    return name.starts_with("security.") || name.starts_with("trusted.");
}

/// Sums and signatures of the bytes that the file had.
bool is_of_bytes(std::string_view name) {
    return name == "security.ima" || name == "security.evm";
}

}  // namespace

AttributeProblem copy_attributes(int from, int to) {
    std::vector<char> names(kNamesBytes);
    const ssize_t size = ::flistxattr(from, names.data(), names.size());
    if (size < 0) {
        return has_no_attributes(errno) ? AttributeProblem{} : AttributeProblem{.number = errno};
    }
    bool has_access_list = false;
    std::vector<char> value(kValueBytes);
    std::string_view rest{names.data(), static_cast<std::size_t>(size)};
    while (!rest.empty()) {
        const std::string name{rest.substr(0, rest.find('\0'))};
        rest.remove_prefix(name.size() + 1);
        has_access_list = has_access_list || name == kAccessList;
        if (is_of_bytes(name)) {
            continue;
        }
        const ssize_t bytes = ::fgetxattr(from, name.c_str(), value.data(), value.size());
        const bool is_copied = bytes >= 0 && ::fsetxattr(to, name.c_str(), value.data(),
                                                         static_cast<std::size_t>(bytes), 0) == 0;
        if (!is_copied && !is_policy(name)) {
            return {.name = name, .number = errno};
        }
    }
    // A folder may have a default list, which the new file got and the old one did not.
    if (!has_access_list && ::fremovexattr(to, kAccessList.data()) != 0 && errno != ENODATA &&
        !has_no_attributes(errno)) {
        return {.name = std::string{kAccessList}, .number = errno};
    }
    return {};
}

}  // namespace quantconf::history
