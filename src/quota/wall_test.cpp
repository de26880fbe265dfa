#include <map>
#include <random>

#include <gtest/gtest.h>

#include "quota/ledger.hpp"
#include "quota/manual_timeline.hpp"
#include "quota/period.hpp"

namespace quantconf::quota {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Time at(std::string_view text) {
    return parse_rfc3339(text).value();
}
std::int64_t ns(std::string_view text) {
    return Duration{at(text).time_since_epoch()}.count();
}

Window calendar(Duration per, std::string zone = "UTC") {
    return {.requests = 3, .per = per, .kind = WindowKind::Calendar, .zone = std::move(zone)};
}

void expect_period(const Window& window, std::string_view now, std::string_view start, std::string_view end) {
    const Span span = period_at(window, ns(now));
    EXPECT_EQ(span.start, ns(start)) << now;
    EXPECT_EQ(span.end, ns(end)) << now;
}

TEST(Period, days_and_months_of_utc) {
    expect_period(calendar(days{1}), "2026-03-04T12:00:00Z", "2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z");
    expect_period(calendar(days{30}), "2026-02-28T23:59:59Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
    expect_period(calendar(days{31}), "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z");
}

TEST(Period, days_of_23_and_25_hours) {
    const Window day = calendar(days{1}, "America/New_York");
    expect_period(day, "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z");
    expect_period(day, "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z");
    expect_period(day, "2026-03-08T04:59:59Z", "2026-03-07T05:00:00Z", "2026-03-08T05:00:00Z");
    expect_period(calendar(days{31}, "America/New_York"), "2026-03-20T00:00:00Z", "2026-03-01T05:00:00Z",
                  "2026-04-01T04:00:00Z");
}

TEST(Period, a_day_whose_midnight_does_not_exist_begins_later) {
    expect_period(calendar(days{1}, "America/Asuncion"), "2023-10-01T12:00:00Z", "2023-10-01T04:00:00Z",
                  "2023-10-02T03:00:00Z");
}

TEST(Period, fixed_windows_count_from_the_epoch_and_whole_days_from_midnight) {
    const Window minute{.requests = 1, .per = minutes{1}, .kind = WindowKind::Fixed};
    expect_period(minute, "2026-03-04T12:00:59Z", "2026-03-04T12:00:00Z", "2026-03-04T12:01:00Z");
    const Window day{.requests = 1, .per = days{1}, .kind = WindowKind::Fixed, .zone = "Asia/Kolkata"};
    expect_period(day, "2026-03-04T12:00:00Z", "2026-03-03T18:30:00Z", "2026-03-04T18:30:00Z");
    const Window quarter{.requests = 1, .per = hours{6}, .kind = WindowKind::Fixed, .zone = "Asia/Kolkata"};
    expect_period(quarter, "2026-03-04T12:00:00Z", "2026-03-04T06:30:00Z", "2026-03-04T12:30:00Z");
}

class WallTest : public testing::Test {
protected:
    int count(const Limits& limits, int asked = 10) {
        int granted = 0;
        for (int i = 0; i < asked; ++i) {
            last_ = ledger_.acquire(limits, Class::Signal).value();
            granted += last_.granted ? 1 : 0;
        }
        return granted;
    }

    ManualTimeline time_{at("2026-03-04T20:00:00Z")};
    Ledger ledger_ = Ledger::in_memory(time_);
    Limits day_{.windows = {calendar(days{1})}};
    Decision last_;
};

TEST_F(WallTest, a_day_ends_at_midnight) {
    EXPECT_EQ(count(day_), 3);
    EXPECT_EQ(last_.wait, hours{4});
    EXPECT_EQ(last_.because, "3 per calendar day");
    time_.advance(hours{4} - Duration{1000});
    EXPECT_EQ(count(day_), 0);
    time_.advance(Duration{1000});
    EXPECT_EQ(count(day_), 3);
}

TEST_F(WallTest, a_clock_set_forward_opens_no_period_early) {
    EXPECT_EQ(count(day_), 3);
    time_.advance(minutes{1});
    time_.set_wall(at("2026-03-05T00:00:01Z"));
    EXPECT_EQ(count(day_), 0);
    time_.advance(hours{4} - minutes{1} - seconds{1});
    EXPECT_EQ(count(day_), 0);
    time_.advance(seconds{1});
    EXPECT_EQ(count(day_), 3) << "midnight by the time that has passed";
}

TEST_F(WallTest, a_clock_set_far_forward_and_back_again_opens_nothing) {
    EXPECT_EQ(count(day_), 3);
    time_.set_wall(at("2030-01-01T00:00:00Z"));
    EXPECT_EQ(count(day_), 0);
    time_.set_wall(at("2026-03-04T20:00:00Z"));
    EXPECT_EQ(count(day_), 0);
    time_.advance(hours{4});
    EXPECT_EQ(count(day_), 3);
}

TEST_F(WallTest, a_clock_set_back_never_gives_a_period_twice) {
    time_.advance(hours{4});
    EXPECT_EQ(count(day_), 3);
    time_.set_wall(at("2026-03-04T23:00:00Z"));
    EXPECT_EQ(count(day_), 0);
    time_.advance(hours{1});
    EXPECT_EQ(count(day_), 0) << "the same midnight for the second time";
    time_.advance(hours{24});
    EXPECT_EQ(count(day_), 3);
}

TEST_F(WallTest, while_the_clock_is_wrong_no_period_of_either_clock_holds_too_many) {
    time_.set_wall(at("2026-03-04T17:00:00Z"));
    EXPECT_EQ(count(day_), 3);
    time_.advance(hours{4});  // Midnight by what has passed; 21:00 by the wall.
    EXPECT_EQ(count(day_), 0);
    time_.advance(hours{3});  // Midnight by the wall; the other day is three hours old.
    EXPECT_EQ(count(day_), 3);
}

TEST_F(WallTest, a_clock_that_was_wrong_from_the_start_is_corrected_after_a_day) {
    time_.set_wall(at("1970-01-01T00:00:10Z"));
    Ledger fresh = Ledger::in_memory(time_);
    std::swap(ledger_, fresh);
    EXPECT_EQ(count(day_), 3);
    time_.set_wall(at("2026-03-04T12:00:00Z"));
    EXPECT_EQ(count(day_), 0);
    time_.advance(hours{1});
    EXPECT_EQ(count(day_), 0);
    int granted = 0;
    for (int hour = 0; hour < 72; ++hour) {
        time_.advance(hours{1});
        granted += count(day_);
    }
    EXPECT_GE(granted, 6) << "it goes on";
    EXPECT_LE(granted, 9);
}

TEST_F(WallTest, a_clock_that_was_far_ahead_from_the_start_does_not_stop_everything) {
    time_.set_wall(at("2040-01-01T00:00:10Z"));
    Ledger fresh = Ledger::in_memory(time_);
    std::swap(ledger_, fresh);
    EXPECT_EQ(count(day_), 3);
    time_.set_wall(at("2026-03-04T12:00:00Z"));
    int granted = 0;
    for (int hour = 0; hour < 72; ++hour) {
        time_.advance(hours{1});
        granted += count(day_);
    }
    EXPECT_GE(granted, 6);
    EXPECT_LE(granted, 9);
}

TEST_F(WallTest, a_window_that_is_new_counts_what_this_period_has_seen) {
    time_.advance(hours{3});
    EXPECT_EQ(count({.windows = {{.requests = 2, .per = seconds{1}}}}), 2);
    time_.advance(minutes{30});
    EXPECT_EQ(count(day_), 1);
    time_.advance(minutes{30});
    EXPECT_EQ(count(day_), 3);
}

TEST_F(WallTest, fixed_windows_let_two_quotas_meet_at_the_change_and_no_more) {
    const Limits minute{.windows = {{.requests = 3, .per = minutes{1}, .kind = WindowKind::Fixed}}};
    time_.advance(seconds{59});
    EXPECT_EQ(count(minute), 3);
    EXPECT_EQ(last_.wait, seconds{1});
    time_.advance(seconds{1});
    EXPECT_EQ(count(minute), 3);
    time_.advance(seconds{59});
    EXPECT_EQ(count(minute), 0);
}

/// Counts who asks the wall.
class AskedTimeline final : public Timeline {
public:
    explicit AskedTimeline(const ManualTimeline& time) : time_{time} {}
    Duration since_boot() const override { return time_.since_boot(); }
    Time wall() const override {
        ++asked;
        return time_.wall();
    }
    const std::string& boot() const override { return time_.boot(); }

    mutable int asked = 0;

private:
    const ManualTimeline& time_;
};

TEST_F(WallTest, the_wall_is_asked_once_in_ten_seconds_while_a_period_has_room) {
    const AskedTimeline asked{time_};
    Ledger ledger = Ledger::in_memory(asked);
    Limits limits{.windows = {calendar(days{1}, "America/New_York")}};
    limits.windows[0].requests = 4;
    const auto may_go = [&] { return ledger.acquire(limits, Class::Signal)->granted.has_value(); };
    EXPECT_TRUE(may_go());
    asked.asked = 0;
    time_.advance(seconds{9});
    EXPECT_TRUE(may_go());
    EXPECT_EQ(asked.asked, 0);
    time_.advance(seconds{1});
    EXPECT_TRUE(may_go());
    EXPECT_EQ(asked.asked, 1);
    EXPECT_TRUE(may_go());
    EXPECT_EQ(asked.asked, 1);
    EXPECT_FALSE(may_go());
    EXPECT_EQ(asked.asked, 2) << "who is refused is told by both clocks when to come back";
}

class ClockSetWhileNobodyAsksIt : public testing::TestWithParam<const char*> {};

TEST_P(ClockSetWhileNobodyAsksIt, opens_nothing) {
    ManualTimeline time{at("2026-03-04T20:00:00Z")};
    Ledger ledger = Ledger::in_memory(time);
    const Limits day{.windows = {calendar(days{1})}};
    const auto may_go = [&] { return ledger.acquire(day, Class::Signal)->granted.has_value(); };
    EXPECT_TRUE(may_go());
    EXPECT_TRUE(may_go());
    time.advance(seconds{1});
    time.set_wall(at(GetParam()));
    EXPECT_TRUE(may_go());
    EXPECT_FALSE(may_go());
    time.advance(seconds{20});
    EXPECT_FALSE(may_go());
    time.set_wall(at("2026-03-04T20:00:21Z"));
    EXPECT_FALSE(may_go());
}

INSTANTIATE_TEST_SUITE_P(ForwardAndBack, ClockSetWhileNobodyAsksIt,
                         testing::Values("2026-03-05T00:00:01Z", "2026-03-04T19:00:00Z",
                                         "2026-03-03T23:00:00Z", "2031-01-01T00:00:00Z"));

/// Days of 23, 24 and 25 hours, while somebody plays with the clock and sets it right again.
TEST(ClockPlay, no_day_of_any_zone_holds_too_many) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 engine{seed};
    for (const char* start : {"2026-03-07T12:00:00Z", "2026-10-31T12:00:00Z"}) {
        Time truth = at(start);
        ManualTimeline time{truth};
        Ledger ledger = Ledger::in_memory(time);
        const Limits limits{.windows = {calendar(days{1}, "America/New_York"), calendar(days{1})}};
        std::map<std::pair<std::size_t, std::int64_t>, int> granted;
        int all = 0;
        for (int step = 0; step < 8000; ++step) {
            const std::chrono::microseconds passed{engine() % (step % 8 == 0 ? 600'000'000U : 4'000'000U)};
            time.advance(passed);
            truth += passed;
            if (step % 50 == 10) {  // Minutes to days, forward or back; right again some minutes later.
                const auto by = seconds{60 + static_cast<std::int64_t>(engine() % 200'000)};
                time.set_wall(engine() % 2 == 0 ? truth + by : truth - by);
            } else if (step % 50 == 20) {
                time.set_wall(truth);
            }
            if (!ledger.acquire(limits, Class::Signal)->granted) {
                continue;
            }
            ++all;
            for (std::size_t i = 0; i < limits.windows.size(); ++i) {
                const Span day = period_at(limits.windows[i], Duration{truth.time_since_epoch()}.count());
                ASSERT_LE((++granted[{i, day.start}]), 3) << "step " << step;
            }
        }
        EXPECT_GE(all, 9) << "it goes on";
    }
}

}  // namespace
}  // namespace quantconf::quota
