#include "quota/retry_budget.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace quantconf::quota {
namespace {

int take_all(RetryBudget& budget, Duration now) {
    int taken = 0;
    while (budget.take(now)) {
        ++taken;
    }
    return taken;
}

TEST(RetryBudget, three_a_minute_are_free) {
    RetryBudget budget;
    EXPECT_EQ(take_all(budget, 100s), 3);
    EXPECT_EQ(take_all(budget, 160s), 0);
    EXPECT_EQ(take_all(budget, 161s), 3);
}

TEST(RetryBudget, a_tenth_of_the_requests_on_top) {
    RetryBudget budget;
    for (int i = 0; i != 49; ++i) {
        budget.request(10s);
    }
    EXPECT_EQ(take_all(budget, 10s), 7);
    budget.request(10s);
    EXPECT_EQ(take_all(budget, 10s), 1);
}

TEST(RetryBudget, nothing_is_saved_up_for_a_storm) {
    RetryBudget budget;
    for (int i = 0; i != 100'000; ++i) {
        budget.request(10s);
    }
    EXPECT_EQ(take_all(budget, 70s), 3);
}

TEST(RetryBudget, a_clock_that_was_read_earlier_is_no_way_around) {
    RetryBudget budget;
    EXPECT_EQ(take_all(budget, 1000s), 3);
    EXPECT_EQ(take_all(budget, 900s), 0);
}

TEST(RetryBudget, no_minute_ever_holds_more) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 engine{seed};
    RetryBudget budget;
    std::vector<Duration> requests;
    std::vector<Duration> taken;
    Duration now{};
    const auto in_the_last_minute = [&](const std::vector<Duration>& times) {
        return std::ranges::count_if(times, [&](Duration time) { return time > now - 60s; });
    };
    for (int i = 0; i != 5'000; ++i) {
        now += std::chrono::milliseconds{engine() % 2'000};
        if (engine() % 4 != 0) {
            budget.request(now);
            requests.push_back(now);
        } else if (budget.take(now)) {
            taken.push_back(now);
            ASSERT_LE(in_the_last_minute(taken), 3 + in_the_last_minute(requests) / 10);
        }
    }
    EXPECT_GT(taken.size(), 100U);
}

TEST(RetryBudget, many_threads_take_no_more_than_one) {
    RetryBudget budget;
    std::atomic<int> taken = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i != 4; ++i) {
            threads.emplace_back([&] { taken += take_all(budget, 5s); });
        }
    }
    EXPECT_EQ(taken, 3);
}

}  // namespace
}  // namespace quantconf::quota
