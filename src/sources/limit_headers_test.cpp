#include "sources/limit_headers.hpp"

#include <gtest/gtest.h>

#include "support/source_answers.hpp"

namespace quantconf::sources::test {
namespace {

using std::chrono::seconds;
using Headers = std::vector<net::Header>;

LimitHeaders names_as(LimitHeaders::Reset reset_as) {
    return {
        .limit = "limit", .remaining = "remaining", .used = "used", .reset = "reset", .reset_as = reset_as};
}

LimitState read(const Headers& headers, LimitHeaders::Reset reset_as = LimitHeaders::Reset::DeltaSeconds) {
    return read_limit_headers(names_as(reset_as), {.status = 200, .headers = headers}, kNow);
}

std::string epoch(std::int64_t from_now) {
    return std::to_string(std::chrono::floor<seconds>(kNow).time_since_epoch().count() + from_now);
}

TEST(LimitHeaders, counts_may_be_floats) {
    EXPECT_EQ(read({{"limit", "60"}, {"remaining", "598.0"}}).remaining, 598);
    EXPECT_EQ(read({{"remaining", "598.9"}}).remaining, 598);
    EXPECT_EQ(read({{"remaining", " 0.0 "}}).remaining, 0);
    EXPECT_EQ(read({{"remaining", "-3"}}).remaining, 0);
    EXPECT_EQ(read({{"limit", "60"}}).limit, 60);
}

TEST(LimitHeaders, what_is_used_and_what_remains_is_the_limit) {
    EXPECT_EQ(read({{"used", "2"}, {"remaining", "598.0"}}).limit, 600);
    EXPECT_EQ(read({{"used", "2"}, {"limit", "10"}}).remaining, 8);
    EXPECT_EQ(read({{"used", "12"}, {"limit", "10"}}).remaining, 0);
    EXPECT_EQ(read({{"used", "0"}, {"remaining", "0"}}).limit, std::nullopt);
}

TEST(LimitHeaders, each_provider_has_its_unit_of_reset) {
    EXPECT_EQ(read({{"reset", "104"}}).reset, seconds{104});
    EXPECT_EQ(read({{"reset", epoch(25)}}, LimitHeaders::Reset::EpochSeconds).reset, seconds{25});
    EXPECT_EQ(read({{"reset", "6m0s"}}, LimitHeaders::Reset::GoDuration).reset, seconds{360});
    EXPECT_EQ(read({{"reset", "20ms"}}, LimitHeaders::Reset::GoDuration).reset,
              std::chrono::milliseconds{20});
}

TEST(LimitHeaders, a_moment_is_taken_by_the_providers_own_clock) {
    EXPECT_EQ(read({{"reset", epoch(3630)}, {"date", "Sun, 01 Mar 2026 13:00:00 GMT"}},
                   LimitHeaders::Reset::EpochSeconds)
                  .reset,
              seconds{30});
}

TEST(LimitHeaders, hostile_ones_give_nothing) {
    for (const std::string value : {"", " ", "-", ".", "abc", "1e9", "0x10", "99999999999999999999999999",
                                    "1 2", "1,5", "NaN", "inf", "--1", "1.2.3", "\xFF", "+-1"}) {
        for (const auto reset_as : {LimitHeaders::Reset::EpochSeconds, LimitHeaders::Reset::DeltaSeconds,
                                    LimitHeaders::Reset::GoDuration}) {
            const LimitState state =
                read({{"limit", value}, {"remaining", value}, {"reset", value}}, reset_as);
            EXPECT_EQ(state.limit, std::nullopt) << value;
            EXPECT_EQ(state.remaining, std::nullopt) << value;
            EXPECT_EQ(state.reset, std::nullopt) << value;
        }
    }
    EXPECT_EQ(read({{"limit", "0"}}).limit, std::nullopt);
    EXPECT_EQ(read({{"limit", std::to_string(kLimitMax)}}).limit, kLimitMax);
    EXPECT_EQ(read({{"limit", std::to_string(kLimitMax + 1)}}).limit, std::nullopt);
}

TEST(LimitHeaders, a_reset_in_the_past_or_far_away_is_none) {
    EXPECT_EQ(read({{"reset", epoch(-1)}}, LimitHeaders::Reset::EpochSeconds).reset, std::nullopt);
    EXPECT_EQ(read({{"reset", "0"}}).reset, std::nullopt);
    const auto most = std::chrono::floor<seconds>(kResetMax).count();
    EXPECT_EQ(read({{"reset", std::to_string(most)}}).reset, seconds{most});
    EXPECT_EQ(read({{"reset", std::to_string(most + 1)}}).reset, std::nullopt);
}

TEST(LimitHeaders, names_that_a_source_does_not_have_are_not_looked_for) {
    const LimitState state =
        read_limit_headers({}, {.status = 200, .headers = {{"", "1"}, {"remaining", "3"}}}, kNow);
    EXPECT_EQ(state.limit, std::nullopt);
    EXPECT_EQ(state.remaining, std::nullopt);
    EXPECT_EQ(state.reset, std::nullopt);
}

TEST(LimitHeaders, retry_after_is_seconds_or_a_date) {
    const auto retry_after = [](std::string value) {
        return read_retry_after({.status = 429, .headers = {{"retry-after", std::move(value)}}}, kNow);
    };
    EXPECT_EQ(retry_after("7"), seconds{7});
    EXPECT_EQ(retry_after("0"), seconds{0});
    EXPECT_EQ(retry_after("Sun, 01 Mar 2026 12:00:30 GMT"), seconds{30});
    EXPECT_EQ(retry_after(""), std::nullopt);
    EXPECT_EQ(retry_after("soon"), std::nullopt);
    EXPECT_EQ(retry_after("2764800"), Duration{kResetMax});
    for (const char* nonsense : {"2764801", "99999999999999999999", "Sun, 01 Mar 2126 12:00:30 GMT"}) {
        EXPECT_EQ(retry_after(nonsense), kRestAfterNonsense) << nonsense;
    }
    EXPECT_EQ(read_retry_after({.status = 429}, kNow), std::nullopt);
}

}  // namespace
}  // namespace quantconf::sources::test
