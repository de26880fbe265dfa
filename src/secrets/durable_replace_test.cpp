#include "secrets/durable_replace.hpp"

#include <array>
#include <cstdint>
#include <system_error>

#include <fcntl.h>
#include <sys/xattr.h>

#include "support/faults.hpp"
#include "support/private_folder.hpp"

namespace quantconf::secrets {
namespace {

class DurableReplaceTest : public FolderTest {
protected:
    [[nodiscard]] Outcome<void> replace(std::string_view bytes, bool keep_previous = true) const {
        return replace_durably({.path = file_, .bytes = bytes, .keep_previous = keep_previous});
    }
};

TEST_F(DurableReplaceTest, the_new_bytes_are_there_and_the_old_ones_beside_them) {
    ASSERT_TRUE(replace("one").has_value());
    EXPECT_EQ(names(), std::set<std::string>{"secrets.qcs"});
    ASSERT_TRUE(replace("two").has_value());
    ASSERT_TRUE(replace("three").has_value());
    EXPECT_EQ(text_of(file_), "three");
    EXPECT_EQ(text_of(previous_of(file_)), "two");
    EXPECT_EQ(names(), (std::set<std::string>{"secrets.qcs", "secrets.qcs.prev"}));
    EXPECT_EQ(fs::hard_link_count(file_), 1U);
}

TEST_F(DurableReplaceTest, bytes_are_on_disk_before_their_name_and_the_name_before_we_say_so) {
    ASSERT_TRUE(replace("one").has_value());
    Faults faults;
    {
        const Interposed interposed{faults};
        ASSERT_TRUE(replace("two").has_value());
    }
    std::vector<std::string> order;
    for (const std::string& step : faults.names()) {
        if (step == "write" || step.starts_with("fsync") || step == "pread" || step.starts_with("renameat")) {
            order.push_back(step);
        }
    }
    // Written, read back to its end; names exchanged; the old one's new name; the folder.
    EXPECT_EQ(order, (std::vector<std::string>{"write", "fsync file", "pread", "pread", "renameat2",
                                               "renameat", "fsync folder"}));
}

TEST_F(DurableReplaceTest, bytes_that_do_not_read_back_well_replace_nothing) {
    ASSERT_TRUE(replace("old").has_value());
    std::string seen;
    const auto replaced =
        replace_durably({.path = file_, .bytes = "new", .verify = [&](std::string_view bytes) {
                             seen = bytes;
                             return false;
                         }});
    EXPECT_REFUSED(replaced, Problem::WriteNotVerified);
    EXPECT_EQ(seen, "new");
    EXPECT_EQ(text_of(file_), "old");
    EXPECT_EQ(names(), std::set<std::string>{"secrets.qcs"});
}

TEST_F(DurableReplaceTest, every_error_says_that_the_old_file_is_untouched) {
    Faults faults{.error = ENOSPC, .fails_too = [](const std::string& call) { return call == "write"; }};
    const Interposed interposed{faults};
    EXPECT_EQ(to_text(replace("new").error()), "cannot write " + file_.string() +
                                                   ": No space left on device\n  hint: the old file is "
                                                   "untouched; free some space and try again");
}

// 21-24: what is to be replaced passes the checks of what is read.
TEST_F(DurableReplaceTest, t21_t23_t24_what_would_not_be_read_is_not_replaced) {
    put(file_, "old", 0644);
    EXPECT_REFUSED(replace("new", false), Problem::Exposed);
    EXPECT_EQ(text_of(file_), "old");
    fs::remove(file_);
    put(folder_ / "other", "old");
    fs::create_symlink("other", file_);
    EXPECT_REFUSED(replace("new", false), Problem::Linked);
    fs::remove(file_);
    fs::create_hard_link(folder_ / "other", file_);
    EXPECT_REFUSED(replace("new", false), Problem::Linked);
    EXPECT_EQ(text_of(folder_ / "other"), "old");
}

// 26: attacker pre-creates the temp name / symlink: O_CREAT|O_EXCL + random name; never fixed `.tmp`.
TEST_F(DurableReplaceTest, t26_the_temporary_name_is_another_one_each_time_and_must_be_new) {
    std::set<std::string> seen;
    for (int count = 0; count < 10; ++count) {
        ASSERT_TRUE(replace_durably({.path = file_,
                                     .bytes = "new",
                                     .verify =
                                         [&](std::string_view) {
                                             seen.merge(names());
                                             return true;
                                         }})
                        .has_value());
    }
    seen.erase("secrets.qcs");
    EXPECT_EQ(seen.size(), 10U);
    for (const std::string& name : seen) {
        EXPECT_TRUE(name.starts_with(".q.secrets.qcs.")) << name;
    }
    Faults faults{.error = EEXIST, .fails_too = [](const std::string& call) { return call == "create"; }};
    const Interposed interposed{faults};
    EXPECT_FALSE(replace("newer").has_value());
}

// 27: umask 000, umask 777, default POSIX ACL on the directory: final mode 0600 exactly.
TEST_F(DurableReplaceTest, t27_the_mode_is_0600_whatever_the_umask) {
    for (const mode_t mask : {0U, 0777U}) {
        const mode_t before = ::umask(mask);
        ASSERT_TRUE(replace("one").has_value());
        ASSERT_TRUE(replace("two").has_value());
        ::umask(before);
        EXPECT_EQ(mode_of(file_), 0600U);
        EXPECT_EQ(mode_of(previous_of(file_)), 0600U);
    }
}

TEST_F(DurableReplaceTest, t27_the_mode_is_0600_whatever_the_folders_default_access_list) {
    struct Entry {
        std::uint16_t tag = 0;
        std::uint16_t permissions = 7;
        std::uint32_t id = 0xFFFFFFFF;
    };
    struct List {
        std::uint32_t version = 2;
        std::array<Entry, 5> entries{};
    };
    // Owner, a user of whom nobody knows, group, mask, others; everything for each.
    const List list{.entries = {Entry{.tag = 0x01}, Entry{.tag = 0x02, .id = 12345}, Entry{.tag = 0x04},
                                Entry{.tag = 0x10}, Entry{.tag = 0x20}}};
    if (::setxattr(folder_.c_str(), "system.posix_acl_default", &list, sizeof list, 0) != 0) {
        GTEST_SKIP() << "this file system has no access lists: " << std::generic_category().message(errno);
    }
    ASSERT_TRUE(replace("one").has_value());
    EXPECT_EQ(mode_of(file_), 0600U);  // The mask of the list is what st_mode shows for the group: nothing.
}

// 28: leftover temp after crash: ignored and removed on next locked open; contains only ciphertext.
TEST_F(DurableReplaceTest, t28_what_a_crash_left_is_removed_by_the_next_writer_and_nothing_else_is) {
    const std::set<std::string> kept = {
        ".q.other.1.0123456789abcdef",       ".q.secrets.qcs.1.0123456789ABCDEF",
        ".q.secrets.qcs.0123456789abcdef",   ".q.secrets.qcs.1.0123456789abcde",
        ".q.secrets.qcs.x.0123456789abcdef", "secrets.qcs.1.0123456789abcdef"};
    for (const std::string& name : kept) {
        put(folder_ / name, "kept");
    }
    put(folder_ / ".q.secrets.qcs.123.0123456789abcdef", "half");
    put(folder_ / ".q.secrets.qcs.prev.123.0123456789abcdef", "half");
    ASSERT_TRUE(replace("new").has_value());
    std::set<std::string> expected = kept;
    expected.insert("secrets.qcs");
    EXPECT_EQ(names(), expected);
}

// 36: read-only filesystem, immutable bit: reads work; writes FC.
TEST_F(DurableReplaceTest, t36_a_file_system_that_takes_no_writes_keeps_the_old_bytes) {
    ASSERT_TRUE(replace("old").has_value());
    for (const int answer : {EROFS, EPERM}) {
        for (const char* failing : {"create", "renameat"}) {
            Faults faults{.error = answer,
                          .fails_too = [&](const std::string& call) { return call == failing; }};
            const Interposed interposed{faults};
            const auto replaced = replace("new");
            ASSERT_FALSE(replaced.has_value());
            EXPECT_EQ(replaced.error().cause == Problem::ReadOnly, answer == EROFS);
            EXPECT_FALSE(replaced.error().hint.empty());
        }
        EXPECT_EQ(text_of(file_), "old");
    }
}

TEST_F(DurableReplaceTest, t36_a_folder_without_write_permission_keeps_the_old_bytes) {
    if (::geteuid() == 0) {
        GTEST_SKIP() << "root writes everywhere; runs again as an ordinary user";
    }
    ASSERT_TRUE(replace("old").has_value());
    ASSERT_EQ(::chmod(folder_.c_str(), 0500), 0);
    const auto replaced = replace("new");
    ASSERT_FALSE(replaced.has_value());
    EXPECT_EQ(replaced.error().cause, std::errc::permission_denied);
    EXPECT_EQ(text_of(file_), "old");
}

}  // namespace
}  // namespace quantconf::secrets
