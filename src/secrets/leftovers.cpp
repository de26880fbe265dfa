#include <memory>
#include <string>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "secrets/temporary_file.hpp"

namespace quantconf::secrets {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

/// Exactly the names that TemporaryFile makes for this target. Nothing else of that folder is ours to remove.
bool is_leftover(std::string_view name, const std::string& target) {
    const std::string start = ".q." + target + ".";
    if (!name.starts_with(start)) {
        return false;
    }
    name.remove_prefix(start.size());
    const std::size_t digits = name.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || name[digits] != '.') {
        return false;
    }
    name.remove_prefix(digits + 1);
    return name.size() == 16 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

void remove_leftovers(const SecureFolder& folder, const std::string& target) {
    // A descriptor of its own: reading a folder moves a position that duplicates share.
    const int number = ::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, CloseFolder> entries{number < 0 ? nullptr : ::fdopendir(number)};
    if (entries == nullptr) {
        if (number >= 0) {
            ::close(number);
        }
        return;  // They harm nobody; the next writer tries again.
    }
    while (const dirent* entry = ::readdir(entries.get())) {  // NOLINT(concurrency-mt-unsafe): own stream.
        if (is_leftover(entry->d_name, target)) {
            ::unlinkat(folder.get(), entry->d_name, 0);
        }
    }
}

}  // namespace quantconf::secrets
