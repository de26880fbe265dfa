#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "secrets/problem.hpp"

namespace quantconf::secrets {

namespace fs = std::filesystem;

/// A private folder of its own for each test.
class FolderTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "quantconf-secrets-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = fs::canonical(name);
        file_ = folder_ / "secrets.qcs";
    }
    void TearDown() override {
        ::chmod(folder_.c_str(), 0700);
        fs::remove_all(folder_);
    }

    static void put(const fs::path& path, std::string_view text, mode_t mode = 0600) {
        std::ofstream{path} << text;
        ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    }
    static std::string text_of(const fs::path& path) {
        std::ifstream file{path};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    static mode_t mode_of(const fs::path& path) {
        struct stat status {};
        EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
        return status.st_mode & 07777U;
    }
    std::set<std::string> names() const {
        std::set<std::string> found;
        for (const fs::directory_entry& entry : fs::directory_iterator{folder_}) {
            found.insert(entry.path().filename().string());
        }
        return found;
    }

    fs::path folder_;
    fs::path file_;
};

/// How many descriptors this process has open.
inline std::ptrdiff_t open_descriptors() {
    return std::distance(fs::directory_iterator{"/proc/self/fd"}, fs::directory_iterator{});
}

}  // namespace quantconf::secrets

/// `outcome` failed, for this reason, and said what to do.
#define EXPECT_REFUSED(outcome, problem)                                       \
    do {                                                                       \
        const auto& refused = (outcome);                                       \
        ASSERT_FALSE(refused.has_value());                                     \
        EXPECT_EQ(refused.error().cause, problem) << to_text(refused.error()); \
        EXPECT_FALSE(refused.error().hint.empty());                            \
    } while (false)
