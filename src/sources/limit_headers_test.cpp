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
    EXPECT_EQ(read({{"reset", "104"}}).reset, BelievedWait{seconds{104}});
    EXPECT_EQ(read({{"reset", epoch(25)}}, LimitHeaders::Reset::EpochSeconds).reset,
              BelievedWait{seconds{25}});
    EXPECT_EQ(read({{"reset", "6m0s"}}, LimitHeaders::Reset::GoDuration).reset, BelievedWait{seconds{360}});
    EXPECT_EQ(read({{"reset", "20ms"}}, LimitHeaders::Reset::GoDuration).reset,
              BelievedWait{std::chrono::milliseconds{20}});
}

TEST(LimitHeaders, a_moment_is_taken_by_the_providers_own_clock) {
    EXPECT_EQ(read({{"reset", epoch(3630)}, {"date", "Sun, 01 Mar 2026 13:00:00 GMT"}},
                   LimitHeaders::Reset::EpochSeconds)
                  .reset,
              BelievedWait{seconds{30}});
}

TEST(LimitHeaders, hostile_ones_give_nothing) {
    for (const std::string value : {"", " ", "-", ".", "abc", "1e9", "0x10", "99999999999999999999999999",
                                    "1 2", ",", "NaN", "inf", "--1", "1.2.3", "\xFF", "+-1"}) {
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
    EXPECT_EQ(read({{"reset", std::to_string(most)}}).reset, BelievedWait{seconds{most}});
    EXPECT_EQ(read({{"reset", std::to_string(most + 1)}}).reset, std::nullopt);
}

TEST(LimitHeaders, names_that_a_source_does_not_have_are_not_looked_for) {
    const LimitState state =
        read_limit_headers({}, {.status = 200, .headers = {{"", "1"}, {"remaining", "3"}}}, kNow);
    EXPECT_EQ(state.limit, std::nullopt);
    EXPECT_EQ(state.remaining, std::nullopt);
    EXPECT_EQ(state.reset, std::nullopt);
}

LimitHeaders of_a_minute(LimitHeaders::Reset reset_as, Duration reset_max = {}) {
    LimitHeaders names = names_as(reset_as);
    names.per = seconds{60};
    names.reset_max = reset_max;
    return names;
}

TEST(LimitHeaders, a_reset_beyond_the_end_of_its_window_is_not_believed) {
    const LimitHeaders minute = of_a_minute(LimitHeaders::Reset::DeltaSeconds);
    const auto reset = [&](const LimitHeaders& names, const std::string& value) {
        return read_limit_headers(names, {.status = 200, .headers = {{"reset", value}}}, kNow).reset;
    };
    EXPECT_EQ(reset(minute, "66"), BelievedWait{seconds{66}});
    EXPECT_EQ(reset(minute, "67"), (BelievedWait{seconds{66}, seconds{67}}));
    EXPECT_EQ(reset(minute, "2591998"), (BelievedWait{seconds{66}, seconds{2'591'998}}));
    EXPECT_EQ(reset(of_a_minute(LimitHeaders::Reset::EpochSeconds), epoch(7229)),
              (BelievedWait{seconds{66}, seconds{7229}}));
    EXPECT_EQ(reset(of_a_minute(LimitHeaders::Reset::GoDuration), "700h"),
              (BelievedWait{seconds{66}, std::chrono::hours{700}}));
    const auto day = of_a_minute(LimitHeaders::Reset::GoDuration, std::chrono::hours{24});
    EXPECT_EQ(reset(day, "26h24m0s"), BelievedWait{std::chrono::minutes{1584}});
    EXPECT_EQ(reset(day, "700h"), (BelievedWait{std::chrono::minutes{1584}, std::chrono::hours{700}}));
}

TEST(LimitHeaders, a_window_has_a_tenth_of_slack_and_at_least_five_seconds) {
    EXPECT_EQ(with_slack(seconds{1}), seconds{6});
    EXPECT_EQ(with_slack(seconds{50}), seconds{55});
    EXPECT_EQ(with_slack(seconds{3600}), seconds{3960});
    EXPECT_EQ(with_slack(std::chrono::hours{24 * 31}), Duration{kResetMax});
}

TEST(LimitHeaders, of_several_or_a_list_the_strictest_counts) {
    for (const Headers& headers :
         {Headers{{"remaining", "50"}, {"remaining", "0"}}, Headers{{"remaining", "0"}, {"remaining", "50"}},
          Headers{{"remaining", "50, 0"}}, Headers{{"remaining", "x"}, {"remaining", "0 ,50,y"}}}) {
        EXPECT_EQ(read(headers).remaining, 0);
    }
    EXPECT_EQ(read({{"limit", "60"}, {"limit", "0"}, {"limit", "30"}}).limit, 30);
    EXPECT_EQ(read({{"reset", "1"}, {"reset", "104"}, {"reset", "7"}}).reset, BelievedWait{seconds{104}});
    EXPECT_EQ(read({{"used", "3"}, {"used", "9"}, {"limit", "10"}}).remaining, 1);
}

std::optional<BelievedWait> retry_after(const std::vector<std::string>& values, Duration most = kResetMax) {
    net::Response answer{.status = 429};
    for (const std::string& value : values) {
        answer.headers.push_back({"retry-after", value});
    }
    return read_retry_after(answer, kNow, most);
}

TEST(LimitHeaders, retry_after_is_seconds_or_a_date) {
    EXPECT_EQ(retry_after({"7"}), BelievedWait{seconds{7}});
    EXPECT_EQ(retry_after({"0"}), BelievedWait{});
    EXPECT_EQ(retry_after({"Sun, 01 Mar 2026 12:00:30 GMT"}), BelievedWait{seconds{30}});
    EXPECT_EQ(retry_after({""}), std::nullopt);
    EXPECT_EQ(retry_after({"soon"}), std::nullopt);
    EXPECT_EQ(retry_after({"2764800"}), BelievedWait{kResetMax});
    for (const char* nonsense : {"2764801", "99999999999999999999", "Sun, 01 Mar 2126 12:00:30 GMT"}) {
        const auto pause = retry_after({nonsense});
        ASSERT_TRUE(pause.has_value()) << nonsense;
        EXPECT_EQ(pause->wait, kRestAfterNonsense) << nonsense;
        EXPECT_GT(pause->asked.value_or(Duration{}), kResetMax) << nonsense;
    }
    EXPECT_EQ(retry_after({}), std::nullopt);
}

TEST(LimitHeaders, of_several_retry_afters_the_longest_counts) {
    EXPECT_EQ(retry_after({"1", "3600"}), BelievedWait{seconds{3600}});
    EXPECT_EQ(retry_after({"3600", "1"}), BelievedWait{seconds{3600}});
    EXPECT_EQ(retry_after({"5, 3"}), BelievedWait{seconds{5}});
    EXPECT_EQ(retry_after({"soon", "9"}), BelievedWait{seconds{9}});
    EXPECT_EQ(retry_after({"5", "Sun, 01 Mar 2026 12:00:30 GMT"}), BelievedWait{seconds{30}});
}

TEST(LimitHeaders, retry_after_has_a_most) {
    EXPECT_EQ(retry_after({"86400"}, kRetryAfterMax), BelievedWait{kRetryAfterMax});
    EXPECT_EQ(retry_after({"86401"}, kRetryAfterMax), (BelievedWait{kRetryAfterMax, seconds{86'401}}));
}

}  // namespace
}  // namespace quantconf::sources::test
