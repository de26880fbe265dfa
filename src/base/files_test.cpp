#include "base/files.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace quantconf {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for every test, gone afterwards.
class DiskFilesTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "quantconf-files-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        ASSERT_EQ(::chmod(name.c_str(), 0755), 0);
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path put(const std::string& name, std::string_view text, mode_t mode = 0644) {
        const fs::path path = folder_ / name;
        std::ofstream{path, std::ios::binary} << text;
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
        return path;
    }

    std::vector<std::string> names() const {
        std::vector<std::string> result;
        for (const auto& entry : fs::directory_iterator{folder_}) {
            result.push_back(entry.path().filename().string());
        }
        return result;
    }

    std::string text_of(const fs::path& path) const {
        return files_.read(path, 1'000'000).value_or("<error>");
    }

    fs::path folder_;
    DiskFiles files_;
};

/// Runs `check` in a child process without root's rights, because root reads and writes everything.
template <typename Check>
void as_ordinary_user(Check check) {
    constexpr int kPassed = 0;
    constexpr int kFailed = 1;
    constexpr int kStillRoot = 2;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        constexpr uid_t kNobody = 65534;
        if (::geteuid() == 0 &&
            (::setresgid(kNobody, kNobody, kNobody) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0)) {
            ::_exit(kStillRoot);
        }
        ::_exit(check() ? kPassed : kFailed);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), kPassed) << "1: the check failed, 2: rights could not be dropped";
}

TEST_F(DiskFilesTest, reads_a_whole_file) {
    const std::string large(300'000, 'x');
    EXPECT_EQ(text_of(put("a", "a: 1\r\n")), "a: 1\r\n");
    EXPECT_EQ(text_of(put("empty", "")), "");
    EXPECT_EQ(text_of(put("large", large)), large);
}

TEST_F(DiskFilesTest, gives_one_byte_more_than_the_limit_and_no_further) {
    const fs::path path = put("a", "12345");
    EXPECT_EQ(files_.read(path, 5).value(), "12345");
    EXPECT_EQ(files_.read(path, 4).value(), "12345");
    EXPECT_EQ(files_.read(path, 3).value(), "1234");
    EXPECT_EQ(files_.read(path, 0).value(), "1");
}

TEST_F(DiskFilesTest, reads_files_that_do_not_know_their_size) {
    EXPECT_FALSE(files_.read("/proc/self/status", 1'000'000).value().empty());
}

TEST_F(DiskFilesTest, follows_symbolic_links_as_kubernetes_mounts_need) {
    fs::create_directory(folder_ / "..2024");
    put("..2024/base.yaml", "a: 1");
    fs::create_symlink("..2024", folder_ / "..data");
    fs::create_symlink("..data/base.yaml", folder_ / "base.yaml");
    EXPECT_EQ(text_of(folder_ / "base.yaml"), "a: 1");
    EXPECT_TRUE(files_.info(folder_ / "base.yaml").value()->is_regular);
}

TEST_F(DiskFilesTest, info_tells_mode_and_size) {
    const auto info = files_.info(put("a", "12345", 0640)).value();
    ASSERT_TRUE(info.has_value());
    EXPECT_TRUE(info->is_regular);
    EXPECT_EQ(info->mode, 0640U);
    EXPECT_EQ(info->size, 5U);
    EXPECT_FALSE(files_.info(folder_).value()->is_regular);
}

TEST_F(DiskFilesTest, a_file_that_does_not_exist_is_no_error_of_info) {
    EXPECT_EQ(files_.info(folder_ / "none").value(), std::nullopt);
    EXPECT_EQ(files_.info(put("file", "") / "below").value(), std::nullopt);
    EXPECT_EQ(files_.read(folder_ / "none", 10).error().cause, std::errc::no_such_file_or_directory);
}

TEST_F(DiskFilesTest, a_link_to_nothing_is_an_error_and_not_a_missing_layer) {
    fs::create_symlink("nowhere", folder_ / "base.yaml");
    const auto info = files_.info(folder_ / "base.yaml");
    ASSERT_FALSE(info.has_value());
    EXPECT_EQ(info.error().cause, std::errc::no_such_file_or_directory);
    EXPECT_EQ(info.error().hint, "the symbolic link points to nothing");
}

TEST_F(DiskFilesTest, a_loop_of_links_is_an_error) {
    fs::create_symlink("b", folder_ / "a");
    fs::create_symlink("a", folder_ / "b");
    EXPECT_EQ(files_.info(folder_ / "a").error().cause, std::errc::too_many_symbolic_link_levels);
}

TEST_F(DiskFilesTest, refuses_a_folder) {
    const auto text = files_.read(folder_, 10);
    ASSERT_FALSE(text.has_value());
    EXPECT_EQ(text.error().cause, std::errc::is_a_directory);
    EXPECT_EQ(text.error().operation, "read");
    EXPECT_EQ(text.error().subject, folder_.string());
}

TEST_F(DiskFilesTest, refuses_a_fifo_without_waiting_for_a_writer) {
    const fs::path path = folder_ / "fifo";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_FALSE(files_.info(path).value()->is_regular);
    ::alarm(10);  // A reader that waits would wait for ever.
    EXPECT_EQ(files_.read(path, 10).error().cause, std::errc::no_such_device_or_address);
    ::alarm(0);
}

TEST_F(DiskFilesTest, refuses_devices) {
    EXPECT_EQ(files_.read("/dev/zero", 10).error().cause, std::errc::no_such_device_or_address);
}

TEST_F(DiskFilesTest, an_ordinary_user_is_told_that_a_file_is_forbidden) {
    const fs::path path = put("a", "12345", 0000);
    as_ordinary_user([&] {
        const auto text = files_.read(path, 10);
        return !text && text.error().cause == std::errc::permission_denied;
    });
    fs::create_directory(folder_ / "closed");
    put("closed/a", "12345");
    ASSERT_EQ(::chmod((folder_ / "closed").c_str(), 0700), 0);
    if (::geteuid() == 0) {  // For the owner of the folder it is open.
        as_ordinary_user([&] {
            const auto info = files_.info(folder_ / "closed" / "a");
            return !info && info.error().cause == std::errc::permission_denied;
        });
    }
}

TEST_F(DiskFilesTest, writes_a_file_with_exactly_the_given_mode) {
    const mode_t old_mask = ::umask(0077);
    EXPECT_TRUE(write_file_atomically(folder_ / "a", "one", 0664).has_value());
    ::umask(old_mask);
    EXPECT_EQ(text_of(folder_ / "a"), "one");
    EXPECT_EQ(files_.info(folder_ / "a").value()->mode, 0664U);

    EXPECT_TRUE(write_file_atomically(folder_ / "a", "two", 0600).has_value());
    EXPECT_EQ(text_of(folder_ / "a"), "two");
    EXPECT_EQ(files_.info(folder_ / "a").value()->mode, 0600U);
    EXPECT_EQ(names(), std::vector<std::string>{"a"});
}

TEST_F(DiskFilesTest, replaces_nothing_when_it_must_not) {
    EXPECT_TRUE(write_file_atomically(folder_ / "a", "one", 0644, Existing::Refuse).has_value());
    fs::create_symlink("nowhere", folder_ / "link");
    for (const char* name : {"a", "link"}) {
        const auto again = write_file_atomically(folder_ / name, "two", 0644, Existing::Refuse);
        EXPECT_EQ(again.error().cause, std::errc::file_exists) << name;
    }
    EXPECT_EQ(text_of(folder_ / "a"), "one");
    EXPECT_EQ(names().size(), 2U);
}

TEST_F(DiskFilesTest, a_reader_that_had_the_old_file_open_keeps_the_old_text) {
    const fs::path path = put("a", "old");
    std::ifstream reader{path};
    EXPECT_TRUE(write_file_atomically(path, "new and longer", 0644).has_value());
    EXPECT_EQ((std::string{std::istreambuf_iterator<char>{reader}, {}}), "old");
    EXPECT_EQ(text_of(path), "new and longer");
}

TEST_F(DiskFilesTest, writes_into_the_current_folder) {
    const fs::path before = fs::current_path();
    fs::current_path(folder_);
    EXPECT_TRUE(write_file_atomically("a", "one", 0644).has_value());
    fs::current_path(before);
    EXPECT_EQ(text_of(folder_ / "a"), "one");
}

TEST_F(DiskFilesTest, a_failed_write_leaves_the_old_file_and_nothing_else) {
    fs::create_directory(folder_ / "taken");
    put("taken/inside", "x");
    const auto onto_folder = write_file_atomically(folder_ / "taken", "one", 0644);
    EXPECT_EQ(onto_folder.error().cause, std::errc::is_a_directory);
    EXPECT_EQ(names(), std::vector<std::string>{"taken"});

    const auto nowhere = write_file_atomically(folder_ / "none" / "a", "one", 0644);
    EXPECT_EQ(nowhere.error().cause, std::errc::no_such_file_or_directory);
    EXPECT_EQ(nowhere.error().operation, "write");
}

TEST_F(DiskFilesTest, an_ordinary_user_cannot_write_into_a_closed_folder) {
    put("a", "old");
    ASSERT_EQ(::chmod(folder_.c_str(), 0555), 0);
    as_ordinary_user([&] {
        const auto written = write_file_atomically(folder_ / "a", "new", 0644);
        return !written && written.error().cause == std::errc::permission_denied;
    });
    ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
    EXPECT_EQ(text_of(folder_ / "a"), "old");
}

TEST_F(DiskFilesTest, a_full_disk_leaves_the_old_file) {
    const fs::path path = put("a", "old");
    as_ordinary_user([&] {
        // A limit on the size of files stands in for the full disk: the write stops in the middle.
        ::signal(SIGXFSZ, SIG_IGN);
        const struct rlimit limit { .rlim_cur = 4, .rlim_max = 4 };
        return ::setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
               !write_file_atomically(folder_ / "a", "longer than four", 0644).has_value();
    });
    EXPECT_EQ(text_of(path), "old");
    EXPECT_EQ(names(), std::vector<std::string>{"a"});
}

TEST(MemoryFiles, behave_like_files) {
    MemoryFiles files{{{"config/base.yaml", "a: 1"}}};
    files.put("secret", "12345", 0600);
    EXPECT_EQ(files.read("config/base.yaml", 100).value(), "a: 1");
    EXPECT_EQ(files.read("secret", 3).value(), "1234");
    EXPECT_EQ(files.read("none", 3).error().cause, std::errc::no_such_file_or_directory);
    EXPECT_EQ(files.info("none").value(), std::nullopt);
    EXPECT_EQ(files.info("secret").value()->mode, 0600U);
    EXPECT_EQ(files.info("config/base.yaml").value()->mode, 0644U);
    EXPECT_EQ(files.info("config/base.yaml").value()->size, 4U);
}

TEST(ErrorText, says_what_to_what_and_why) {
    const Error error{.operation = "read",
                      .subject = "config/base.yaml",
                      .cause = std::make_error_code(std::errc::permission_denied),
                      .hint = {}};
    EXPECT_EQ(to_text(error), "cannot read config/base.yaml: Permission denied");
    EXPECT_EQ(to_text(Failure{error}), to_text(error));
}

TEST(ErrorText, adds_the_hint_and_escapes_names) {
    const Error error{.operation = "read", .subject = "a\x1b[2J", .cause = {}, .hint = "look again"};
    EXPECT_EQ(to_text(error), "cannot read a\\x1b[2J\n  hint: look again");
}

}  // namespace
}  // namespace quantconf
