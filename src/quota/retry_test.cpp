#include "quota/retry.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace quantconf::quota {
namespace {

using sources::KeyStatus;

constexpr double kAlmostOne = 0x1.fffffffffffffp-1;  // The largest number below 1.

Random always(double number) {
    return [number] { return number; };
}

std::vector<Duration> pauses(const RetryPolicy& policy, int count, double random) {
    std::vector<Duration> result;
    for (int retry = 1; retry <= count; ++retry) {
        result.push_back(pause_before(policy, retry, std::nullopt, always(random)));
    }
    return result;
}

TEST(Pause, exponential_is_full_jitter_up_to_the_doubled_base) {
    const RetryPolicy policy{.base = 1s, .factor = 2, .cap = 30s};

    EXPECT_EQ(pauses(policy, 3, 0), (std::vector<Duration>{0s, 0s, 0s}));
    EXPECT_EQ(pauses(policy, 7, 0.5), (std::vector<Duration>{500ms, 1s, 2s, 4s, 8s, 15s, 15s}));
    EXPECT_GT(pause_before(policy, 5, std::nullopt, always(kAlmostOne)), 16s - 1us);
}

TEST(Pause, linear_fibonacci_and_constant_have_a_quarter_of_jitter) {
    const Duration base = 1s;

    EXPECT_EQ(pauses({.growth = Growth::Linear, .base = base, .factor = 10}, 4, 0),
              (std::vector<Duration>{10s, 20s, 30s, 30s}));
    EXPECT_EQ(pauses({.growth = Growth::Fibonacci, .base = base}, 10, 0),
              (std::vector<Duration>{1s, 1s, 2s, 3s, 5s, 8s, 13s, 21s, 30s, 30s}));
    EXPECT_EQ(pauses({.growth = Growth::Constant, .base = base}, 3, 0), (std::vector<Duration>{1s, 1s, 1s}));
    EXPECT_EQ(pauses({.growth = Growth::Constant, .base = base}, 1, 0.5), (std::vector<Duration>{1125ms}));
}

TEST(Pause, what_the_provider_asks_for_is_a_lower_bound_jittered_upwards) {
    const RetryPolicy policy{.base = 1s, .cap = 30s};

    EXPECT_EQ(pause_before(policy, 1, 60s, always(0)), 60s);
    EXPECT_EQ(pause_before(policy, 1, 60s, always(0.5)), 67'500ms);
    EXPECT_EQ(pause_before(policy, 1, 24h, always(0.5)), 24h + 15s);
    EXPECT_EQ(pause_before({.growth = Growth::Constant, .base = 10s}, 1, 1ms, always(0)), 10s);
    EXPECT_EQ(pause_before(policy, 1, 0s, always(0.5)), 500ms);
    EXPECT_EQ(pause_before(policy, 1, -5s, always(0.5)), 500ms);
}

TEST(Pause, without_a_base_or_a_cap_there_is_none) {
    for (const Growth growth : {Growth::Exponential, Growth::Linear, Growth::Fibonacci, Growth::Constant}) {
        EXPECT_EQ(pause_before({.growth = growth, .base = 0s}, 1'000'000, std::nullopt, always(0.5)), 0s);
        EXPECT_EQ(pause_before({.growth = growth, .cap = 0s}, 1, std::nullopt, always(0.5)), 0s);
    }
}

TEST(Pause, holds_its_laws_for_every_policy) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 engine{seed};
    const auto any_of = [&](const auto& values) { return values[engine() % values.size()]; };
    const std::vector<Duration> durations{
        0ns, 1ns, 7ns, 1ms, 500ms, 30s, 24h, Duration::max() - 1ns, Duration::max()};
    const std::vector<double> factors{std::numeric_limits<double>::denorm_min(), 0.5, 1, 1.5, 2, 60, 1e300,
                                      std::numeric_limits<double>::max()};
    const std::vector<int> retries{1, 2, 3, 10, 63, 64, 1'000, std::numeric_limits<int>::max()};
    const std::vector<double> randoms{0, 0x1p-1074, 0.25, 0.5, 0.9, kAlmostOne};
    for (int i = 0; i != 20'000; ++i) {
        const RetryPolicy policy{.growth = Growth(engine() % 4),
                                 .base = any_of(durations),
                                 .factor = any_of(factors),
                                 .cap = any_of(durations)};
        const std::optional<Duration> at_least =
            engine() % 2 == 0 ? std::nullopt : std::optional{any_of(durations)};
        const int retry = any_of(retries);

        const Duration pause = pause_before(policy, retry, at_least, always(any_of(randoms)));

        ASSERT_GE(pause, at_least.value_or(0ns));
        if (pause > policy.cap) {
            ASSERT_TRUE(at_least);
            ASSERT_LE(pause - *at_least, std::min(policy.cap, *at_least / 4 + 1ns));
        }
    }
}

TEST(Pause, a_rule_that_makes_no_sense_stops_the_program) {
    const auto pause = [](RetryPolicy policy, int retry = 1) {
        static_cast<void>(pause_before(policy, retry, std::nullopt, always(0)));
    };
    for (const double factor : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
        EXPECT_DEATH(pause({.factor = factor}), "factor") << factor;
    }
    EXPECT_DEATH(pause({.base = -1ns}), "base");
    EXPECT_DEATH(pause({.cap = -1ns}), "cap");
    EXPECT_DEATH(pause({}, 0), "retry >= 1");
    EXPECT_DEATH(static_cast<void>(pause_before({}, 1, std::nullopt, always(1))), "number < 1");
}

Attempt attempt(KeyStatus status, std::string detail = {}) {
    return {.verdict = {.status = status, .detail = std::move(detail)}, .time_left = 10s};
}

TEST(WhyNotAgain, only_what_found_nobody_or_came_too_early_is_repeated) {
    for (const KeyStatus status : {KeyStatus::Valid, KeyStatus::Invalid, KeyStatus::Expired,
                                   KeyStatus::QuotaExhausted, KeyStatus::NotEntitled, KeyStatus::Unknown}) {
        EXPECT_NE(why_not_again(attempt(status), {}), "") << static_cast<int>(status);
    }
    EXPECT_EQ(why_not_again(attempt(KeyStatus::Unreachable), {}), "");
    EXPECT_EQ(why_not_again(attempt(KeyStatus::RateLimited), {}), "");
}

TEST(WhyNotAgain, some_details_forbid_it_whatever_the_status) {
    for (const char* detail : {"bad_request", "no_data", "blocked"}) {
        for (const KeyStatus status : {KeyStatus::Unreachable, KeyStatus::RateLimited, KeyStatus::Valid}) {
            EXPECT_NE(why_not_again(attempt(status, detail), {}), "") << detail;
        }
    }
    EXPECT_EQ(why_not_again(attempt(KeyStatus::Unreachable, "timeout"), {}), "");
}

TEST(WhyNotAgain, what_may_change_something_is_sent_once) {
    Attempt order = attempt(KeyStatus::Unreachable);
    order.is_idempotent = false;

    EXPECT_EQ(why_not_again(order, {}), "a request that may change something is sent once");
}

TEST(WhyNotAgain, as_often_as_the_policy_says) {
    Attempt last = attempt(KeyStatus::Unreachable);
    last.retries_so_far = 2;
    EXPECT_EQ(why_not_again(last, {.max_retries = 3}), "");
    last.retries_so_far = 3;
    EXPECT_EQ(why_not_again(last, {.max_retries = 3}), "it was repeated often enough");
    EXPECT_EQ(why_not_again(attempt(KeyStatus::Unreachable), {.max_retries = 0}),
              "repetitions are switched off");
}

TEST(WhyNotAgain, a_wait_that_does_not_end_before_the_deadline_is_refused) {
    for (const KeyStatus status : {KeyStatus::Unreachable, KeyStatus::RateLimited}) {
        Attempt early = attempt(status);
        early.verdict.wait = 10s - 1ns;
        EXPECT_EQ(why_not_again(early, {}), "");
        early.verdict.wait = 10s;
        EXPECT_EQ(why_not_again(early, {}), "the provider asks for a longer wait than there is time");
    }
    Attempt late = attempt(KeyStatus::Unreachable);
    late.time_left = 0s;
    EXPECT_EQ(why_not_again(late, {}), "no time is left");
}

}  // namespace
}  // namespace quantconf::quota
