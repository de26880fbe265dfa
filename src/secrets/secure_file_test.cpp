#include "secrets/secure_file.hpp"

#include <atomic>
#include <thread>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "support/faults.hpp"
#include "support/private_folder.hpp"

namespace quantconf::secrets {
namespace {

constexpr std::size_t kSizeMax = 100;

class SecureFileTest : public FolderTest {};

TEST_F(SecureFileTest, a_private_file_is_read_whole_and_says_which_one_it_was) {
    put(file_, "bytes");
    const auto read = read_secure_file(file_, kSizeMax);
    ASSERT_TRUE(read.has_value()) << to_text(read.error());
    struct stat status {};
    ASSERT_EQ(::stat(file_.c_str(), &status), 0);
    EXPECT_EQ((*read)->bytes, "bytes");
    EXPECT_EQ((*read)->inode, status.st_ino);
    EXPECT_EQ((*read)->device, status.st_dev);
}

TEST_F(SecureFileTest, no_file_is_nothing_and_no_folder_is_an_error) {
    EXPECT_EQ(read_secure_file(file_, kSizeMax).value(), std::nullopt);
    const auto read = read_secure_file(folder_ / "none" / "a", kSizeMax);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().cause, std::errc::no_such_file_or_directory);
}

TEST_F(SecureFileTest, size_has_a_limit_and_an_empty_file_is_a_file) {
    put(file_, std::string(kSizeMax, 'a'));
    EXPECT_EQ(read_secure_file(file_, kSizeMax).value()->bytes.size(), kSizeMax);
    put(file_, std::string(kSizeMax + 1, 'a'));
    EXPECT_REFUSED(read_secure_file(file_, kSizeMax), Problem::TooLarge);
    put(file_, "");
    EXPECT_EQ(read_secure_file(file_, kSizeMax).value()->bytes, "");
}

// 21: store/key mode 0640, 0644, 0666: refuse, print the fix.
TEST_F(SecureFileTest, t21_any_permission_for_others_is_refused_with_the_fix) {
    for (const mode_t mode : {0640U, 0644U, 0666U, 0601U, 0610U, 0604U, 0602U}) {
        put(file_, "bytes", mode);
        const auto read = read_secure_file(file_, kSizeMax);
        EXPECT_REFUSED(read, Problem::Exposed);
        EXPECT_NE(read.error().hint.find("chmod 600 " + file_.string()), std::string::npos);
    }
    for (const mode_t mode : {0600U, 0400U}) {
        put(file_, "bytes", mode);
        EXPECT_TRUE(read_secure_file(file_, kSizeMax).has_value()) << mode;
        fs::remove(file_);
    }
}

// 22: parent directory group/other-writable, or owned by another uid: refuse.
TEST_F(SecureFileTest, t22_a_folder_that_others_may_write_to_is_refused) {
    put(file_, "bytes");
    for (const mode_t mode : {0770U, 0702U, 0720U, 01777U}) {
        ASSERT_EQ(::chmod(folder_.c_str(), mode), 0);
        EXPECT_REFUSED(read_secure_file(file_, kSizeMax), Problem::Exposed);
    }
    ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
    EXPECT_TRUE(read_secure_file(file_, kSizeMax).has_value());
}

TEST_F(SecureFileTest, t22_what_belongs_to_another_user_is_refused) {
    if (::geteuid() != 0) {  // The system's own will do.
        EXPECT_REFUSED(read_secure_file("/etc/passwd", kSizeMax), Problem::ForeignOwner);
        return;
    }
    constexpr uid_t kNobody = 65534;
    put(file_, "bytes");
    ASSERT_EQ(::chown(file_.c_str(), kNobody, kNobody), 0);
    EXPECT_REFUSED(read_secure_file(file_, kSizeMax), Problem::ForeignOwner);
    ASSERT_EQ(::chown(file_.c_str(), 0, 0), 0);
    ASSERT_EQ(::chown(folder_.c_str(), kNobody, kNobody), 0);
    EXPECT_REFUSED(read_secure_file(file_, kSizeMax), Problem::ForeignOwner);
}

// 23: store is a symlink; a path component is a symlink: refuse.
TEST_F(SecureFileTest, t23_a_link_anywhere_in_the_path_is_refused) {
    fs::create_directory(folder_ / "real");
    put(folder_ / "real" / "a", "bytes");
    fs::create_symlink(folder_ / "real", folder_ / "link");
    fs::create_symlink("a", folder_ / "real" / "b");
    EXPECT_TRUE(read_secure_file(folder_ / "real" / "a", kSizeMax).has_value());
    EXPECT_REFUSED(read_secure_file(folder_ / "real" / "b", kSizeMax), Problem::Linked);
    EXPECT_REFUSED(read_secure_file(folder_ / "link" / "a", kSizeMax), Problem::Linked);
    EXPECT_REFUSED(read_secure_file(folder_ / "link" / ".." / "real" / "a", kSizeMax), Problem::Linked);
    EXPECT_REFUSED(read_secure_file("/proc/self/cwd/a", kSizeMax), Problem::Linked);
}

TEST_F(SecureFileTest, t23_a_kernel_without_openat2_gets_a_walk_that_is_as_strict) {
    fs::create_directories(folder_ / "real" / "deep");
    put(folder_ / "real" / "deep" / "a", "bytes");
    fs::create_symlink(folder_ / "real", folder_ / "link");
    for (const int answer : {ENOSYS, EPERM}) {
        Faults faults{.error = answer,
                      .fails_too = [](const std::string& call) { return call == "openat2"; }};
        const Interposed interposed{faults};
        const auto read = read_secure_file(folder_ / "real" / "deep" / "a", kSizeMax);
        ASSERT_TRUE(read.has_value()) << to_text(read.error());
        EXPECT_REFUSED(read_secure_file(folder_ / "link" / "deep" / "a", kSizeMax), Problem::Linked);
        EXPECT_REFUSED(SecureFolder::open(folder_ / "link"), Problem::Linked);
        EXPECT_REFUSED(SecureFolder::open(folder_ / "real" / "deep" / "a"), Problem::NotRegular);
        EXPECT_TRUE(SecureFolder::open(folder_ / "real" / "").has_value());
        const auto none = SecureFolder::open(folder_ / "none");
        ASSERT_FALSE(none.has_value());
        EXPECT_EQ(none.error().cause, std::errc::no_such_file_or_directory);
    }
}

TEST_F(SecureFileTest, t23_a_folder_that_a_person_named_through_a_link_is_resolved_once) {
    fs::create_directory(folder_ / "real");
    fs::create_symlink(folder_ / "real", folder_ / "link");
    EXPECT_EQ(resolve_folder(folder_ / "link").value(), folder_ / "real");
    EXPECT_FALSE(resolve_folder(folder_ / "none").has_value());
}

// 24: hard link (nlink 2), FIFO, device, socket: refuse; open never blocks.
TEST_F(SecureFileTest, t24_a_second_name_is_refused) {
    put(file_, "bytes");
    fs::create_hard_link(file_, folder_ / "second");
    EXPECT_REFUSED(read_secure_file(file_, kSizeMax), Problem::Linked);
}

TEST_F(SecureFileTest, t24_what_is_not_a_file_is_refused_without_waiting) {
    ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
    fs::create_directory(folder_ / "folder");
    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    (folder_ / "socket").string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(listener);
    for (const char* name : {"fifo", "folder", "socket"}) {
        EXPECT_REFUSED(read_secure_file(folder_ / name, kSizeMax), Problem::NotRegular);
    }
    const auto devices = SecureFolder::open("/dev", Trust::OrRoots);
    ASSERT_TRUE(devices.has_value()) << to_text(devices.error());
    EXPECT_REFUSED(open_secure_file(*devices, "null"), Problem::NotRegular);
}

TEST_F(SecureFileTest, a_name_that_is_no_name_is_refused) {
    const auto folder = SecureFolder::open(folder_);
    ASSERT_TRUE(folder.has_value());
    for (const char* name : {"", ".", "..", "a/b", "../a"}) {
        EXPECT_REFUSED(open_secure_file(*folder, name), Problem::BadName);
    }
}

// 25: swap file between check and use (10^5 renames): only ever reads a file whose fstat passed.
TEST_F(SecureFileTest, t25_a_file_that_is_swapped_all_the_time_gives_the_good_bytes_or_none) {
    constexpr int kSwaps = 100'000;
    put(file_, "good");
    put(folder_ / "bait", "evil", 0644);
    std::atomic<bool> is_done = false;
    std::thread swapping{[&] {
        for (int count = 0; count < kSwaps; ++count) {
            ::renameat2(AT_FDCWD, file_.c_str(), AT_FDCWD, (folder_ / "bait").c_str(), RENAME_EXCHANGE);
        }
        is_done = true;
    }};
    int refused = 0;
    int wrong = 0;
    int reads = 0;
    while (!is_done || reads == 0) {
        const auto read = read_secure_file(file_, kSizeMax);
        ++reads;
        if (!read) {
            refused += read.error().cause == Problem::Exposed ? 1 : 0;
        } else if (!*read || (*read)->bytes != "good") {
            ++wrong;
        }
    }
    swapping.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(refused, 0) << "of " << reads << ": nothing was swapped at the right time";
}

TEST_F(SecureFileTest, a_reader_never_trips_over_a_writer_that_replaces_the_file) {
    put(file_, "old");
    int replaced = 0;
    int replaced_max = 1;
    Faults faults{.fails_too = [&](const std::string& call) {
        if (call == "fstat" && replaced < replaced_max) {  // Between open and fstat.
            ++replaced;
            put(folder_ / "new", "new");
            fs::rename(folder_ / "new", file_);
        }
        return false;
    }};
    const auto folder = SecureFolder::open(folder_);
    const Interposed interposed{faults};
    const auto read = read_secure_file(*folder, "secrets.qcs", kSizeMax);
    ASSERT_TRUE(read.has_value()) << to_text(read.error());
    EXPECT_EQ(read.value()->bytes, "new");
    EXPECT_EQ(replaced, 1);

    replaced_max = 1000;  // Who replaces it each time means no good, and does not keep us here for ever.
    EXPECT_REFUSED(read_secure_file(*folder, "secrets.qcs", kSizeMax), Problem::Conflict);
    EXPECT_LT(replaced, replaced_max);
}

TEST_F(SecureFileTest, missing_folders_are_made_private_whatever_the_umask) {
    for (const mode_t mask : {0U, 0777U}) {
        const fs::path deep = folder_ / std::to_string(mask) / "a" / "b";
        const mode_t before = ::umask(mask);
        const auto made = SecureFolder::make(deep);
        ::umask(before);
        ASSERT_TRUE(made.has_value()) << to_text(made.error());
        EXPECT_EQ(mode_of(deep), 0700U);
        EXPECT_EQ(mode_of(deep.parent_path()), 0700U);
        EXPECT_TRUE(SecureFolder::make(deep).has_value()) << "a second time";
    }
}

TEST_F(SecureFileTest, t23_a_folder_made_through_a_link_goes_by_its_real_name) {
    fs::create_directory(folder_ / "real");
    fs::create_symlink(folder_ / "real", folder_ / "link");
    EXPECT_EQ(SecureFolder::make(folder_ / "link" / "a" / "").value().path(), folder_ / "real" / "a");
    put(file_, "bytes");
    EXPECT_FALSE(SecureFolder::make(file_ / "a").has_value());
}

// 36, 21: what root could do, an ordinary user cannot; the checks must not depend on it.
TEST_F(SecureFileTest, a_file_that_may_not_be_read_says_so) {
    if (::geteuid() == 0) {
        GTEST_SKIP() << "root reads everything; runs again as an ordinary user";
    }
    put(file_, "bytes", 0200);
    const auto read = read_secure_file(file_, kSizeMax);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().cause, std::errc::permission_denied);
}

}  // namespace
}  // namespace quantconf::secrets
