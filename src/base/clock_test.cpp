#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace quantconf {
namespace {

using namespace std::chrono_literals;

constexpr Time kMorning{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 9h + 30min};

TEST(Clock, a_manual_clock_stands_still_until_it_is_moved) {
    ManualClock clock{kMorning};
    EXPECT_EQ(clock.now(), kMorning);
    EXPECT_EQ(clock.now(), kMorning);
    clock.advance(250us);
    EXPECT_EQ(clock.now(), kMorning + 250us);
    clock.set(Time{});
    EXPECT_EQ(clock.now(), Time{});
}

TEST(Clock, the_system_clock_knows_this_century) {
    EXPECT_GT(SystemClock{}.now(), Time{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}});
}

TEST(Clock, a_time_is_written_in_utc_with_six_decimals) {
    EXPECT_EQ(to_rfc3339(kMorning + 250us), "2026-03-01T09:30:00.000250Z");
    EXPECT_EQ(to_rfc3339(Time{}), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(to_rfc3339(Time{-1us}), "1969-12-31T23:59:59.999999Z");
}

TEST(Clock, a_time_without_four_digits_of_a_year_is_shown_as_the_nearest_that_has_them) {
    EXPECT_EQ(to_rfc3339(Time::max()), "9999-12-31T23:59:59.999999Z");
    EXPECT_EQ(to_rfc3339(Time::min()), "0000-01-01T00:00:00.000000Z");
}

TEST(Clock, what_is_written_reads_back) {
    for (const Time time : {kMorning, kMorning + 1us, Time{}, Time{-1us}, kMorning + 86399s + 999999us}) {
        EXPECT_EQ(parse_rfc3339(to_rfc3339(time)), time) << to_rfc3339(time);
    }
}

TEST(Clock, offsets_and_other_decimals_are_read) {
    EXPECT_EQ(parse_rfc3339("2026-03-01T09:30:00Z"), kMorning);
    EXPECT_EQ(parse_rfc3339("2026-03-01t09:30:00z"), kMorning);
    EXPECT_EQ(parse_rfc3339("2026-03-01T04:30:00-05:00"), kMorning);
    EXPECT_EQ(parse_rfc3339("2026-03-01T15:00:00+05:30"), kMorning);
    EXPECT_EQ(parse_rfc3339("2026-03-01T09:30:00.25Z"), kMorning + 250ms);
    EXPECT_EQ(parse_rfc3339("2026-03-01T09:30:00.0000019Z"), kMorning + 1us);
}

TEST(Clock, what_is_not_a_moment_is_refused) {
    for (const char* text :
         {"", "2026", "2026-03-01", "2026-03-01T09:30:00", "2026-03-01T09:30Z", "2026-02-30T09:30:00Z",
          "2026-13-01T09:30:00Z", "2026-03-01T24:00:00Z", "2026-03-01T09:60:00Z", "2026-03-01T09:30:60Z",
          "2026-03-01T09:30:00.Z", "2026-03-01T09:30:00Z ", " 2026-03-01T09:30:00Z", "2026-03-01T09:30:00+05",
          "2026-03-01T09:30:00+24:00", "-026-03-01T09:30:00Z", "2026-03-01T09:30:00\xff"}) {
        EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace quantconf
