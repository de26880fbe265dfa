#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace quantconf::state {

/// A folder of its own with mode 0700 for every test, gone afterwards.
class TestFolder : public testing::Test {
protected:
    void SetUp() override {
        std::string name =
            (std::filesystem::canonical(std::filesystem::temp_directory_path()) / "quantconf-state-XXXXXX")
                .string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::filesystem::path file() const { return folder_ / "state.db"; }
    void put(const std::filesystem::path& path, std::string_view bytes, mode_t mode = 0600) const {
        std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    }
    [[nodiscard]] static std::string text_of(const std::filesystem::path& path) {
        std::ifstream stream{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{stream}, {}};
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> result;
        for (const auto& entry : std::filesystem::directory_iterator{folder_}) {
            result.push_back(entry.path().filename().string());
        }
        std::sort(result.begin(), result.end());
        return result;
    }

    std::filesystem::path folder_;
};

/// Runs `act` in a child process, whose exit code is what it returns. For what must not happen in the test
/// itself: dying, and giving up rights.
template <typename Act>
int exit_code_of(Act act) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(act());
    }
    int status = 0;
    pid_t ended = 0;
    do {
        ended = ::waitpid(child, &status, 0);
    } while (ended < 0 && errno == EINTR);
    return ended == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The same without root's rights, because root may do everything. -2: they could not be dropped.
template <typename Act>
int exit_code_as_ordinary_user(Act act) {
    return exit_code_of([&] {
        constexpr uid_t kNobody = 65534;
        if (::geteuid() == 0 &&
            (::setresgid(kNobody, kNobody, kNobody) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0)) {
            return 254;
        }
        return act();
    });
}

}  // namespace quantconf::state
