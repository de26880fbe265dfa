#include "quota/retry_after.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "quota/http_date.hpp"

using namespace std::chrono_literals;

namespace quantconf::quota {
namespace {

constexpr Time kNow = std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + 8h + 49min + 37s;

TEST(HttpDate, all_three_forms_name_the_same_moment) {
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", kNow), kNow);
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", kNow), kNow);
    EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994", kNow), kNow);
    EXPECT_EQ(parse_http_date("Wed Nov 16 08:49:37 1994", kNow), kNow + 240h);
}

TEST(HttpDate, letters_may_be_of_any_case_and_the_weekday_wrong) {
    EXPECT_EQ(parse_http_date("mon, 06 NOV 1994 08:49:37 gmt", kNow), kNow);
}

TEST(HttpDate, a_year_of_two_digits_is_at_most_fifty_years_ahead) {
    const Time in_2026 = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

    EXPECT_EQ(parse_http_date("Friday, 01-Jan-76 00:00:00 GMT", in_2026),
              Time{std::chrono::sys_days{std::chrono::year{2076} / 1 / 1}});
    EXPECT_EQ(parse_http_date("Friday, 01-Jan-77 00:00:00 GMT", in_2026),
              Time{std::chrono::sys_days{std::chrono::year{1977} / 1 / 1}});
    EXPECT_EQ(parse_http_date("Friday, 01-Jan-00 00:00:00 GMT",
                              std::chrono::sys_days{std::chrono::year{2099} / 12 / 31}),
              Time{std::chrono::sys_days{std::chrono::year{2100} / 1 / 1}});
}

TEST(HttpDate, a_leap_second_is_the_second_after_it) {
    EXPECT_EQ(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT", kNow),
              parse_http_date("Sun, 01 Jan 2017 00:00:00 GMT", kNow));
}

TEST(HttpDate, what_is_no_date_is_nothing) {
    for (const char* text : {
             "",
             "Sun",
             "Sunday",
             "Sunday,",
             "Sun, 06 Nov 1994 08:49:37",
             "Sun, 06 Nov 1994 08:49:37 GMT ",
             "Sun, 06 Nov 1994 08:49:37 CET",
             "Sun, 6 Nov 1994 08:49:37 GMT",
             "Sun, 06 Nob 1994 08:49:37 GMT",
             "Sun, 31 Feb 1994 08:49:37 GMT",
             "Sun, 00 Nov 1994 08:49:37 GMT",
             "Sun, 06 Nov 1994 24:00:00 GMT",
             "Sun, 06 Nov 1994 23:60:00 GMT",
             "Sun, 06 Nov 1994 23:59:61 GMT",
             "Sun, 06 Nov 94 08:49:37 GMT",
             "Sunday, 06-Nov-1994 08:49:37 GMT",
             "Sun Nov 6 08:49:37 1994",
             "Sun Nov  6 08:49:37 1994 GMT",
             "Son, 06 Nov 1994 08:49:37 GMT",
             "2026-01-01T00:00:00Z",
         }) {
        EXPECT_FALSE(parse_http_date(text, kNow)) << text;
    }
}

TEST(RetryAfter, seconds) {
    EXPECT_EQ(parse_retry_after("120", kNow), 120s);
    EXPECT_EQ(parse_retry_after(" 0 ", kNow), 0s);
    EXPECT_EQ(parse_retry_after("1.5", kNow), 1500ms);
}

TEST(RetryAfter, a_date_counts_from_now) {
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:00 GMT", kNow), 23s);
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:00 GMT", kNow + 250ms), 22'750ms);
}

TEST(RetryAfter, a_date_counts_from_the_date_header_when_the_clocks_differ) {
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 10:00:30 GMT", kNow, "Sun, 06 Nov 1994 10:00:00 GMT"), 30s);
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:00 GMT", kNow, "yesterday"), 23s);
}

TEST(RetryAfter, the_past_is_no_wait) {
    EXPECT_EQ(parse_retry_after("-1", kNow), 0s);
    EXPECT_EQ(parse_retry_after("-99999999999999999999999", kNow), 0s);
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:36 GMT", kNow), 0s);
    EXPECT_EQ(parse_retry_after("Sat, 01 Jan 0000 00:00:00 GMT", kNow), 0s);
}

TEST(RetryAfter, a_huge_wait_is_the_longest_one) {
    const std::string longest = std::to_string(std::chrono::floor<std::chrono::seconds>(kWaitMax).count());

    EXPECT_EQ(parse_retry_after(longest, kNow), kWaitMax);
    EXPECT_EQ(parse_retry_after("31622399", kNow), kWaitMax - 1s);
    EXPECT_EQ(parse_retry_after("31622401", kNow), kWaitMax);
    EXPECT_EQ(parse_retry_after("9223372036854775808", kNow), kWaitMax);
    EXPECT_EQ(parse_retry_after(std::string(1'000, '9'), kNow), kWaitMax);
    EXPECT_EQ(parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", kNow), kWaitMax);
}

TEST(RetryAfter, rubbish_is_nothing) {
    for (const char* text : {"", " ", "soon", "1 2", "1s", "0x10", "1e3", "nan", "inf", "--1", "+-1", "1.2.3",
                             ".", "-", "1,5", "\xff"}) {
        EXPECT_FALSE(parse_retry_after(text, kNow)) << text;
    }
}

TEST(EpochSeconds, the_moment_counts_from_now_or_the_date_header) {
    EXPECT_EQ(parse_epoch_seconds("784111777", kNow), 0s);
    EXPECT_EQ(parse_epoch_seconds("784111787.25", kNow), 10'250ms);
    EXPECT_EQ(parse_epoch_seconds("784111787", kNow + 1h, "Sun, 06 Nov 1994 08:49:37 GMT"), 10s);
}

TEST(EpochSeconds, the_past_is_no_wait_and_the_far_future_the_longest) {
    EXPECT_EQ(parse_epoch_seconds("0", kNow), 0s);
    EXPECT_EQ(parse_epoch_seconds("-5", kNow), 0s);
    EXPECT_EQ(parse_epoch_seconds("784111787000", kNow), kWaitMax);
    EXPECT_EQ(parse_epoch_seconds(std::string(400, '9'), kNow), kWaitMax);
    EXPECT_EQ(parse_epoch_seconds("784111787", Time::max()), 0s);
    EXPECT_EQ(parse_epoch_seconds("784111787", Time::min()), kWaitMax);
    EXPECT_FALSE(parse_epoch_seconds("now", kNow));
}

TEST(DeltaSeconds, decimals_are_exact) {
    EXPECT_EQ(parse_delta_seconds("59.123456789"), 59'123'456'789ns);
    EXPECT_EQ(parse_delta_seconds("0.0000000019"), 1ns);
    EXPECT_EQ(parse_delta_seconds(".5"), 500ms);
    EXPECT_EQ(parse_delta_seconds("5."), 5s);
    EXPECT_EQ(parse_delta_seconds("+5"), 5s);
    EXPECT_EQ(parse_delta_seconds("-0.5"), 0s);
}

TEST(GoDuration, every_unit) {
    EXPECT_EQ(parse_go_duration("6m0s"), 6min);
    EXPECT_EQ(parse_go_duration("20ms"), 20ms);
    EXPECT_EQ(parse_go_duration("1h2m3.5s"), 1h + 2min + 3'500ms);
    EXPECT_EQ(parse_go_duration("150\u00b5s"), 150us);
    EXPECT_EQ(parse_go_duration("150\u03bcs"), 150us);
    EXPECT_EQ(parse_go_duration("1.5us"), 1'500ns);
    EXPECT_EQ(parse_go_duration("7ns"), 7ns);
    EXPECT_EQ(parse_go_duration("1.5h"), 90min);
    EXPECT_EQ(parse_go_duration("0"), 0s);
    EXPECT_EQ(parse_go_duration("-0"), 0s);
}

TEST(GoDuration, negative_is_no_wait_and_huge_the_longest) {
    EXPECT_EQ(parse_go_duration("-1h"), 0s);
    EXPECT_EQ(parse_go_duration("8784h"), kWaitMax);
    EXPECT_EQ(parse_go_duration("8783h59m59.999999999s"), kWaitMax - 1ns);
    EXPECT_EQ(parse_go_duration("8784h8784h"), kWaitMax);
    EXPECT_EQ(parse_go_duration(std::string(300, '9') + "ns"), kWaitMax);
}

TEST(GoDuration, rubbish_is_nothing) {
    for (const char* text : {"", "-", "1", "1d", "s", ".s", "1h2", "1h-2m", "1 h", "1H", "1\u00b5", "00"}) {
        EXPECT_FALSE(parse_go_duration(text)) << text;
    }
}

}  // namespace
}  // namespace quantconf::quota
