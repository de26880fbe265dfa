#include "quota/breaker.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace quantconf::quota {
namespace {

constexpr BreakerPolicy kPolicy{.threshold = 3, .open_for = 60s, .cap = 5min};

Random always(double number) {
    return [number] { return number; };
}

/// Of one who was let through.
Breaker::Ticket let_through(Breaker& breaker, Duration now) {
    const auto asked = breaker.ask(now);
    EXPECT_TRUE(asked);
    return asked.value_or(Breaker::Ticket{});
}

/// How long it makes wait; nothing: somebody was let through.
std::optional<Duration> wait_of(Breaker& breaker, Duration now) {
    const auto asked = breaker.ask(now);
    return asked ? std::nullopt : std::optional{asked.error()};
}

void fail(Breaker& breaker, int times, Duration now) {
    for (int i = 0; i != times; ++i) {
        breaker.failure(let_through(breaker, now), now);
    }
}

void succeed(Breaker& breaker, Duration now) {
    breaker.success(let_through(breaker, now));
}

TEST(Breaker, opens_after_so_many_failures_in_a_row) {
    Breaker breaker{kPolicy, always(0)};
    fail(breaker, 2, 0s);
    succeed(breaker, 0s);
    fail(breaker, 2, 0s);
    EXPECT_EQ(wait_of(breaker, 0s), std::nullopt);
    EXPECT_EQ(breaker.state(0s), BreakerState::Closed);

    fail(breaker, 1, 0s);

    EXPECT_EQ(wait_of(breaker, 10s), 50s);
    EXPECT_EQ(breaker.state(10s), BreakerState::Open);
}

TEST(Breaker, lets_one_probe_through_when_its_time_is_over) {
    Breaker breaker{kPolicy, always(0)};
    fail(breaker, 3, 0s);
    EXPECT_EQ(wait_of(breaker, 60s - 1ns), 1ns);
    EXPECT_EQ(breaker.state(60s), BreakerState::HalfOpen);

    const auto probe = let_through(breaker, 60s);
    EXPECT_EQ(wait_of(breaker, 60s), Breaker::kProbeWait);

    breaker.success(probe);
    EXPECT_EQ(breaker.state(60s), BreakerState::Closed);
    EXPECT_EQ(wait_of(breaker, 60s), std::nullopt);
    EXPECT_EQ(wait_of(breaker, 60s), std::nullopt);
}

TEST(Breaker, a_failed_probe_doubles_the_time_up_to_the_cap) {
    Breaker breaker{kPolicy, always(0)};
    fail(breaker, 3, 0s);
    Duration now{};
    for (const Duration expected : {60s, 120s, 240s, 300s, 300s}) {
        EXPECT_EQ(wait_of(breaker, now), expected);
        now += expected;
        fail(breaker, 1, now);
    }
}

TEST(Breaker, a_success_makes_the_time_short_again) {
    Breaker breaker{kPolicy, always(0)};
    fail(breaker, 3, 0s);
    fail(breaker, 1, 60s);
    succeed(breaker, 180s);

    fail(breaker, 3, 200s);

    EXPECT_EQ(wait_of(breaker, 200s), 60s);
}

TEST(Breaker, a_probe_without_a_result_is_given_back) {
    Breaker breaker{kPolicy, always(0)};
    fail(breaker, 3, 0s);
    const auto probe = let_through(breaker, 60s);

    breaker.no_result(probe);

    EXPECT_EQ(breaker.state(60s), BreakerState::HalfOpen);
    EXPECT_EQ(wait_of(breaker, 60s), std::nullopt);
    EXPECT_NE(wait_of(breaker, 60s), std::nullopt);
}

TEST(Breaker, a_probe_that_never_reports_is_given_up) {
    Breaker breaker{kPolicy, always(0)};
    fail(breaker, 3, 0s);
    ASSERT_EQ(wait_of(breaker, 60s), std::nullopt);

    EXPECT_NE(wait_of(breaker, 120s - 1ns), std::nullopt);
    EXPECT_EQ(wait_of(breaker, 120s), std::nullopt);
}

TEST(Breaker, late_results_of_earlier_requests_change_nothing_while_it_is_open) {
    Breaker breaker{kPolicy, always(0)};
    const auto early = let_through(breaker, 0s);
    fail(breaker, 3, 0s);

    breaker.success(early);
    breaker.failure(early, 30s);
    breaker.no_result(early);

    EXPECT_EQ(wait_of(breaker, 30s), 30s);
}

TEST(Breaker, late_results_of_earlier_requests_are_not_taken_for_that_of_the_probe) {
    Breaker breaker{kPolicy, always(0)};
    const auto early = let_through(breaker, 0s);
    fail(breaker, 3, 0s);
    const auto probe = let_through(breaker, 60s);

    breaker.success(early);
    EXPECT_EQ(breaker.state(60s), BreakerState::HalfOpen);
    breaker.failure(early, 60s);
    EXPECT_EQ(breaker.state(60s), BreakerState::HalfOpen);
    breaker.no_result(early);
    EXPECT_EQ(wait_of(breaker, 60s), Breaker::kProbeWait) << "the probe is still under way";

    breaker.success(probe);
    EXPECT_EQ(breaker.state(60s), BreakerState::Closed);
    breaker.failure(early, 60s);
    fail(breaker, 2, 60s);
    EXPECT_EQ(breaker.state(60s), BreakerState::Closed) << "two failures, not three";
}

TEST(Breaker, a_probe_that_was_given_up_does_not_report_for_its_successor) {
    Breaker breaker{kPolicy, always(0)};
    fail(breaker, 3, 0s);
    const auto lost = let_through(breaker, 60s);
    const auto next = let_through(breaker, 120s);

    breaker.failure(lost, 121s);
    EXPECT_EQ(breaker.state(121s), BreakerState::HalfOpen);
    breaker.success(next);
    EXPECT_EQ(breaker.state(121s), BreakerState::Closed);
}

TEST(Breaker, is_jittered_downwards_by_up_to_a_fifth) {
    Breaker breaker{kPolicy, always(0.5)};
    fail(breaker, 3, 0s);
    EXPECT_EQ(wait_of(breaker, 0s), 54s);
}

TEST(Breaker, a_new_policy_shortens_an_opening_and_opens_nothing_by_itself) {
    Breaker breaker{kPolicy, always(0)};
    fail(breaker, 3, 0s);
    breaker.set_policy({.threshold = 3, .open_for = 5s, .cap = 10s});
    EXPECT_EQ(wait_of(breaker, 0s), 10s);

    Breaker closed{kPolicy, always(0)};
    fail(closed, 2, 0s);
    closed.set_policy({.threshold = 1});
    EXPECT_EQ(closed.state(0s), BreakerState::Closed);
    fail(closed, 1, 0s);
    EXPECT_NE(wait_of(closed, 0s), std::nullopt);
}

TEST(Breaker, a_policy_that_makes_no_sense_stops_the_program) {
    EXPECT_DEATH((Breaker{{.threshold = 0}, always(0)}), "threshold");
    EXPECT_DEATH((Breaker{{.open_for = 0s}, always(0)}), "open_for");
    EXPECT_DEATH((Breaker{{.cap = -1s}, always(0)}), "cap");
}

TEST(Breaker, a_wait_is_above_zero_and_never_above_the_cap) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 engine{seed};
    std::uniform_real_distribution<double> unit{0, 1};
    for (int round = 0; round != 200; ++round) {
        const BreakerPolicy policy{
            .threshold = 1 + static_cast<int>(engine() % 4),
            .open_for = Duration{1 + static_cast<std::int64_t>(engine() >> (1 + engine() % 62))},
            .cap = Duration{1 + static_cast<std::int64_t>(engine() >> (1 + engine() % 62))}};
        Breaker breaker{policy, [&] { return unit(engine); }};
        Duration now{};
        Breaker::Ticket ticket;
        for (int i = 0; i != 100; ++i) {
            switch (engine() % 4) {
                case 0:
                    breaker.success(ticket);
                    break;
                case 1:
                case 2:
                    breaker.failure(ticket, now);
                    break;
                default:
                    breaker.no_result(ticket);
                    break;
            }
            const auto asked = breaker.ask(now);
            if (asked) {
                ticket = *asked;
            } else {
                ASSERT_GT(asked.error(), 0ns);
                ASSERT_LE(asked.error(), policy.cap);
                now += std::min(asked.error(), Duration::max() - now);
            }
        }
    }
}

TEST(Breaker, of_many_threads_one_gets_the_probe) {
    Breaker breaker{kPolicy, always(0)};
    fail(breaker, 3, 0s);
    std::atomic<int> admitted = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i != 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n != 1'000; ++n) {
                    admitted += breaker.ask(61s) ? 1 : 0;
                }
            });
        }
    }
    EXPECT_EQ(admitted, 1);
}

}  // namespace
}  // namespace quantconf::quota
