#include "quantbot/windows.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

std::vector<ConfiguredWindow> five_a_minute_and_25_a_day() {
    return {{"requests_per_minute", 5, minutes{1}, false}, {"requests_per_day", 25, days{1}, false}};
}

}  // namespace

TEST(Windows, are_read_shortest_first) {
    const Loaded bot = load_value("data_sources.rate_limits.newsapi.requests_per_hour", "70");
    const auto windows = windows_of(bot.at("data_sources.rate_limits.newsapi"));
    ASSERT_EQ(windows.size(), 4U);
    EXPECT_EQ(windows[0].path, "requests_per_minute");
    EXPECT_EQ(windows[1].path, "requests_per_hour");
    EXPECT_EQ(windows[2].path, "extra_windows[0].requests");
    EXPECT_EQ(windows[2].requests, 50);
    EXPECT_EQ(windows[2].per, hours{12});
    EXPECT_EQ(windows[3].path, "requests_per_day");
}

TEST(Windows, allow_together_what_the_tightest_of_them_allows) {
    const auto windows = five_a_minute_and_25_a_day();
    const auto in = [&](Duration period) { return allowance(windows, period, Counting::Rolling); };
    EXPECT_EQ(in(seconds{1})->requests, 5);
    EXPECT_EQ(in(minutes{1})->requests, 5);
    EXPECT_EQ(in(minutes{3})->requests, 15);
    EXPECT_EQ(in(hours{1})->requests, 25);
    EXPECT_EQ(in(days{2})->requests, 50);
    EXPECT_EQ(in(minutes{1})->binding->path, "requests_per_minute");
    EXPECT_EQ(in(days{1})->binding->path, "requests_per_day");
}

TEST(Windows, count_a_begun_window_as_a_whole_one) {
    const std::vector<ConfiguredWindow> windows = {{"requests_per_minute", 5, minutes{1}, false}};
    EXPECT_EQ(allowance(windows, seconds{61}, Counting::Rolling)->requests, 10);
}

TEST(Windows, that_begin_at_full_minutes_let_twice_as_much_meet_at_the_change) {
    const auto windows = five_a_minute_and_25_a_day();
    EXPECT_EQ(allowance(windows, minutes{1}, Counting::FixedPeriods)->requests, 10);
}

TEST(Windows, allow_anything_where_there_is_none) {
    EXPECT_FALSE(allowance({}, minutes{1}, Counting::Rolling).has_value());
}

TEST(Windows, name_their_periods_like_people) {
    EXPECT_EQ(period_text(seconds{1}), "second");
    EXPECT_EQ(period_text(minutes{1}), "minute");
    EXPECT_EQ(period_text(minutes{10}), "10 minutes");
    EXPECT_EQ(period_text(hours{12}), "12 hours");
    EXPECT_EQ(period_text(days{1}), "day");
    EXPECT_EQ(period_text(days{31}), "month");
    EXPECT_EQ(period_text(seconds{90}), "90 seconds");
}

}  // namespace quantconf::quantbot
