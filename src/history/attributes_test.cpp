#include <cerrno>
#include <cstdint>

#include <sys/xattr.h>

#include "history/file_change.hpp"
#include "support/test_change.hpp"

namespace quantconf::history {
namespace {

constexpr const char* kAccessList = "system.posix_acl_access";
constexpr const char* kDefaultList = "system.posix_acl_default";

/// One line of an access list, as the kernel has it: whom it is for, what they may, and their number.
std::string entry(std::uint16_t tag, std::uint16_t rights, std::uint32_t number = 0xffff'ffff) {
    std::string bytes(8, '\0');
    bytes[0] = static_cast<char>(tag);
    bytes[2] = static_cast<char>(rights);
    for (std::size_t i = 0; i < 4; ++i) {
        bytes[4 + i] = static_cast<char>(number >> (8 * i));
    }
    return bytes;
}

/// The owner reads and writes, user 65534 reads, the group may nothing: a mode of 0640 alone says otherwise.
std::string access_list() {
    using namespace std::string_literals;
    return "\2\0\0\0"s + entry(0x01, 6) + entry(0x02, 4, 65'534) + entry(0x04, 0) + entry(0x10, 4) +
           entry(0x20, 0);
}

std::string attribute(const fs::path& path, const char* name) {
    std::string value(1'000, '\0');
    const ssize_t size = ::getxattr(path.c_str(), name, value.data(), value.size());
    value.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return value;
}

bool set_attribute(const fs::path& path, const char* name, const std::string& value) {
    return ::setxattr(path.c_str(), name, value.data(), value.size(), 0) == 0;
}

class Attributes : public TestChange {};

TEST_F(Attributes, the_access_list_of_the_old_file_is_kept) {
    const fs::path file = config_ / "base.yaml";
    put(file, "a: 1\n", 0600);
    if (!set_attribute(file, kAccessList, access_list())) {
        GTEST_SKIP() << "no access lists in this file system: " << std::generic_category().message(errno);
    }
    ASSERT_TRUE(done(apply(change(), state_, commits())));
    EXPECT_EQ(text_of(file), "a: 2\n");
    EXPECT_EQ(attribute(file, kAccessList), access_list());
    EXPECT_EQ(mode_of(file), 0640U) << "the group's bits are the list's mask";
}

TEST_F(Attributes, what_the_folder_would_give_to_new_files_is_not_given_to_one_that_had_none) {
    if (!set_attribute(config_, kDefaultList, access_list())) {
        GTEST_SKIP() << "no access lists in this file system: " << std::generic_category().message(errno);
    }
    ASSERT_TRUE(done(apply(change(), state_, commits())));
    EXPECT_EQ(attribute(config_ / "base.yaml", kAccessList), "");
    EXPECT_EQ(mode_of(config_ / "base.yaml"), 0644U);
}

TEST_F(Attributes, other_attributes_are_kept) {
    const fs::path file = config_ / "base.yaml";
    if (!set_attribute(file, "user.reviewed", "by alice")) {
        GTEST_SKIP() << "no attributes in this file system: " << std::generic_category().message(errno);
    }
    ASSERT_TRUE(set_attribute(file, "user.empty", ""));
    ASSERT_TRUE(done(apply(change(), state_, commits())));
    EXPECT_EQ(attribute(file, "user.reviewed"), "by alice");
    EXPECT_EQ(::getxattr(file.c_str(), "user.empty", nullptr, 0), 0);
}

/// Asked before each call of fsetxattr in the running test; its answer is 0 or the errno of the call.
int& refused_with() {
    static int number = 0;
    return number;
}

TEST_F(Attributes, what_cannot_be_copied_refuses_the_change_by_name) {
    const fs::path file = config_ / "production.yaml";
    if (!set_attribute(file, kAccessList, access_list())) {
        GTEST_SKIP() << "no access lists in this file system: " << std::generic_category().message(errno);
    }
    refused_with() = EPERM;
    const Outcome<void> refused = apply(change(), state_, commits());
    refused_with() = 0;
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, std::errc::operation_not_permitted);
    EXPECT_TRUE(to_text(refused.error()).contains(kAccessList)) << to_text(refused.error());
    expect_old();
    EXPECT_EQ(attribute(file, kAccessList), access_list());
    EXPECT_EQ(commits_, 0);
    EXPECT_TRUE(leftovers().empty());
}

}  // namespace

int refusal_of_fsetxattr() {
    return refused_with();
}

}  // namespace quantconf::history

// Between our code and the kernel: attributes that cannot be set where the test says so.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int fsetxattr(int file, const char* name, const void* value, std::size_t size,
                         int flags) noexcept {
    const int why = quantconf::history::refusal_of_fsetxattr();
    if (why != 0) {
        errno = why;
        return -1;
    }
    const std::string path = "/proc/self/fd/" + std::to_string(file);  // Stands for the open file.
    return ::setxattr(path.c_str(), name, value, size, flags);
}
