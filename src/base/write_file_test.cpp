#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/files.hpp"

namespace {

/// What the calls below were asked to do, in order; the one at `failing_step` fails.
struct Recording {
    std::vector<std::string> steps;
    int failing_step = -1;

    bool add(std::string step) {
        steps.push_back(std::move(step));
        return static_cast<int>(steps.size()) - 1 != failing_step;
    }
};
Recording* recording = nullptr;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

// These stand in front of the C library's in this program: a kill -9 keeps the page cache and would prove
// nothing.
extern "C" int fsync(int descriptor) {
    struct stat status {};
    ::fstat(descriptor, &status);
    if (recording != nullptr && !recording->add(S_ISDIR(status.st_mode) ? "fsync folder" : "fsync file")) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

extern "C" int rename(const char* from, const char* to) noexcept {
    if (recording != nullptr && !recording->add("rename")) {
        errno = EIO;
        return -1;
    }
    return ::renameat(AT_FDCWD, from, AT_FDCWD, to);
}

namespace quantconf {
namespace {

namespace fs = std::filesystem;

class WriteFileTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "quantconf-write-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        path_ = fs::path{name} / "a";
        ASSERT_TRUE(write_file_atomically(path_, "old", 0644).has_value());
    }
    void TearDown() override { fs::remove_all(path_.parent_path()); }

    Outcome<void> write_with_failing_step(int step) {
        Recording steps{.steps = {}, .failing_step = step};
        recording = &steps;
        Outcome<void> result = write_file_atomically(path_, "new", 0644);
        recording = nullptr;
        steps_ = steps.steps;
        return result;
    }

    std::size_t files_in_folder() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator{path_.parent_path()}, fs::directory_iterator{}));
    }

    std::string text() const { return DiskFiles{}.read(path_, 100).value(); }

    fs::path path_;
    std::vector<std::string> steps_;
};

TEST_F(WriteFileTest, the_text_is_on_disk_before_its_name_and_the_name_before_we_say_so) {
    EXPECT_TRUE(write_with_failing_step(-1).has_value());
    EXPECT_EQ(steps_, (std::vector<std::string>{"fsync file", "rename", "fsync folder"}));
    EXPECT_EQ(text(), "new");
}

TEST_F(WriteFileTest, a_failure_before_the_rename_leaves_the_old_file_alone) {
    for (const int step : {0, 1}) {
        const Outcome<void> result = write_with_failing_step(step);
        ASSERT_FALSE(result.has_value()) << step;
        EXPECT_EQ(result.error().cause, std::errc::io_error);
        EXPECT_EQ(text(), "old");
        EXPECT_EQ(files_in_folder(), 1U);
    }
}

TEST_F(WriteFileTest, a_name_that_may_not_be_on_disk_is_reported) {
    const Outcome<void> result = write_with_failing_step(2);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().cause, std::errc::io_error);
    EXPECT_EQ(text(), "new");
    EXPECT_EQ(files_in_folder(), 1U);
}

}  // namespace
}  // namespace quantconf
