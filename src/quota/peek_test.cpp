#include "quota/peek.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "quota/ledger.hpp"
#include "quota/manual_timeline.hpp"
#include "support/test_folder.hpp"

namespace quantconf::quota {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;
using std::chrono::hours;

class PeekTest : public state::TestFolder {
protected:
    [[nodiscard]] fs::path path() const { return folder_ / "key.ledger"; }
    void ask(const Window& window, int times) {
        auto ledger = Ledger::open(path(), time_);
        ASSERT_TRUE(ledger.has_value());
        for (int i = 0; i < times; ++i) {
            ASSERT_TRUE(ledger->acquire({.windows = {window}}, Class::Signal)->granted.has_value());
        }
    }
    [[nodiscard]] std::optional<std::int64_t> used(const Window& window) const {
        return used_in_file(path(), window, time_);
    }
    [[nodiscard]] std::string bytes() const {
        std::ifstream file{path(), std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    const Window rolling_{.requests = 50, .per = days{1}};
    const Window calendar_{.requests = 50, .per = days{1}, .kind = WindowKind::Calendar};
    ManualTimeline time_;
};

TEST_F(PeekTest, what_a_ledger_counts_is_seen_by_who_only_looks) {
    ask(rolling_, 3);
    EXPECT_EQ(used(rolling_), 3);
    time_.advance(hours{23});
    ask(rolling_, 2);
    EXPECT_EQ(used(rolling_), 5);
    time_.advance(hours{2});
    EXPECT_EQ(used(rolling_), 2);
}

TEST_F(PeekTest, a_period_that_may_have_ended_is_not_known) {
    ask(calendar_, 3);
    EXPECT_EQ(used(calendar_), 3);
    time_.advance(hours{25});
    EXPECT_EQ(used(calendar_), std::nullopt);
    ask(calendar_, 1);
    EXPECT_EQ(used(calendar_), 1);
}

TEST_F(PeekTest, who_looks_makes_and_changes_nothing) {
    EXPECT_EQ(used(rolling_), std::nullopt);
    EXPECT_TRUE(fs::is_empty(folder_));

    ask(rolling_, 3);
    const std::string before = bytes();
    fs::remove(folder_ / "key.ledger.lock");
    time_.reboot("second boot", hours{1}, time_.wall() + hours{2});

    EXPECT_GE(used(rolling_).value_or(0), 3);  // What may have been granted counts.
    EXPECT_EQ(bytes(), before);
    EXPECT_FALSE(fs::exists(folder_ / "key.ledger.lock"));
}

TEST_F(PeekTest, nobody_waits_for_a_holder_of_the_lock) {
    ask(rolling_, 3);
    const auto held = Ledger::open(path(), time_);
    ASSERT_TRUE(held.has_value());
    EXPECT_EQ(used(rolling_), 3);
}

TEST_F(PeekTest, what_is_damaged_or_open_to_others_says_nothing) {
    ask(rolling_, 3);
    fs::permissions(path(), fs::perms::owner_all | fs::perms::others_read);
    EXPECT_EQ(used(rolling_), std::nullopt);
    fs::permissions(path(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(used(rolling_), 3);
    fs::resize_file(path(), fs::file_size(path()) - 1);
    EXPECT_EQ(used(rolling_), std::nullopt);
}

}  // namespace
}  // namespace quantconf::quota
