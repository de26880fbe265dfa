#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "history/file_change.hpp"
#include "support/test_folder.hpp"

namespace quantconf::history {

namespace fs = std::filesystem;

/// Asked before each call of renameat2 in the running test; its answer is 0 or the errno of the call.
inline std::function<int()>& exchange_hook() {
    static std::function<int()> hook;
    return hook;
}
inline int on_exchange() {
    return exchange_hook() ? exchange_hook()() : 0;
}

/// A folder of two layers and a state folder.
class TestChange : public state::TestFolder {
protected:
    // The calls of renameat2 of a change of two files, in order. The first one names the journal.
    static constexpr int kFirstExchange = 2;
    static constexpr int kSecondExchange = 3;

    void SetUp() override {
        TestFolder::SetUp();
        config_ = folder_ / "config";
        state_ = folder_ / "state";
        fs::create_directory(config_);
        fs::create_directory(state_);
        ASSERT_EQ(::chmod(state_.c_str(), 0700), 0);
        put(config_ / "base.yaml", "a: 1\n", 0644);
        put(config_ / "production.yaml", "b: 1\n", 0644);
        exchange_hook() = [this] {
            ++exchanges_;
            return hook_ ? hook_(exchanges_) : 0;
        };
    }
    void TearDown() override {
        exchange_hook() = {};
        TestFolder::TearDown();
    }

    [[nodiscard]] FileChange change() const {
        return {.edits = {{.path = config_ / "base.yaml", .before = "a: 1\n", .after = "a: 2\n"},
                          {.path = config_ / "production.yaml", .before = "b: 1\n", .after = "b: 2\n"}},
                .note = "because"};
    }
    std::function<Outcome<void>()> commits() {
        return [this]() -> Outcome<void> {
            ++commits_;
            return {};
        };
    }
    static Outcome<void> refusal() {
        return std::unexpected{Error{.operation = "record",
                                     .subject = "state.db",
                                     .cause = std::make_error_code(std::errc::no_space_on_device)}};
    }
    static testing::AssertionResult done(const Outcome<void>& outcome) {
        return outcome ? testing::AssertionSuccess()
                       : testing::AssertionFailure() << to_text(outcome.error());
    }
    void expect_old() const {
        EXPECT_EQ(text_of(config_ / "base.yaml"), "a: 1\n");
        EXPECT_EQ(text_of(config_ / "production.yaml"), "b: 1\n");
    }
    /// What is neither a layer nor the lock.
    [[nodiscard]] std::vector<std::string> leftovers() const {
        std::vector<std::string> found;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator{folder_}) {
            const std::string name = entry.path().filename().string();
            if (name.contains("quantconf-change") || name.contains("journal")) {
                found.push_back(name);
            }
        }
        return found;
    }
    static mode_t mode_of(const fs::path& path) {
        struct stat status {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return status.st_mode & 07777U;
    }
    static ino_t inode_of(const fs::path& path) {
        struct stat status {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return status.st_ino;
    }

    fs::path config_;
    fs::path state_;
    std::function<int(int call)> hook_;
    int exchanges_ = 0;
    int commits_ = 0;
};

}  // namespace quantconf::history
