#include "quota/failover.hpp"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace quantconf::quota {
namespace {

using Indices = std::vector<std::size_t>;

const std::vector<Candidate> kGroup{
    {.source = "polygon"}, {.source = "finnhub"}, {.source = "alpha_vantage"}};

TEST(FailoverOrder, is_the_configured_one_while_nobody_failed) {
    EXPECT_EQ(FailoverOrder{}.order(kGroup, 0s), (Indices{0, 1, 2}));
    EXPECT_EQ(FailoverOrder{}.order({}, 0s), Indices{});
}

TEST(FailoverOrder, who_is_not_usable_is_left_out) {
    auto group = kGroup;
    group[0].is_usable = false;
    group[2].is_usable = false;

    EXPECT_EQ(FailoverOrder{}.order(group, 0s), Indices{1});
}

TEST(FailoverOrder, who_failed_rests_behind_the_others) {
    FailoverOrder order{{.rest = 30s}};
    order.failure("polygon", 100s);

    EXPECT_EQ(order.order(kGroup, 100s), (Indices{1, 2, 0}));
    EXPECT_EQ(order.order(kGroup, 130s - 1ns), (Indices{1, 2, 0}));
    EXPECT_EQ(order.order(kGroup, 130s), (Indices{0, 1, 2}));
}

TEST(FailoverOrder, tells_why_somebody_rests_while_it_does) {
    FailoverOrder order{{.rest = 30s}};
    order.failure("polygon", 100s, {.reason = "503"});

    EXPECT_EQ(order.why_resting("polygon", 130s - 1ns), "503");
    EXPECT_EQ(order.why_resting("polygon", 130s), std::nullopt);
    EXPECT_EQ(order.why_resting("finnhub", 100s), std::nullopt);
}

TEST(FailoverOrder, a_failure_may_cost_another_rest) {
    FailoverOrder order{{.rest = 30s}};
    order.failure("polygon", 0s, {.rest = 2s});
    EXPECT_EQ(order.order(kGroup, 2s - 1ns), (Indices{1, 2, 0}));
    EXPECT_EQ(order.order(kGroup, 2s), (Indices{0, 1, 2}));
    order.failure("polygon", 2s, {.rest = 2s});
    EXPECT_EQ(order.order(kGroup, 6s - 1ns), (Indices{1, 2, 0}));
    EXPECT_EQ(order.order(kGroup, 6s), (Indices{0, 1, 2}));
}

TEST(FailoverOrder, when_all_rest_they_are_tried_as_configured) {
    FailoverOrder order;
    order.failure("finnhub", 0s);
    order.failure("alpha_vantage", 1s);
    order.failure("polygon", 2s);

    EXPECT_EQ(order.order(kGroup, 3s), (Indices{0, 1, 2}));
}

TEST(FailoverOrder, who_fails_on_trial_rests_twice_as_long) {
    FailoverOrder order{{.rest = 30s, .successes = 3}};
    order.failure("polygon", 0s);
    order.success("polygon", 30s);
    order.success("polygon", 31s);
    order.failure("polygon", 32s);

    EXPECT_EQ(order.order(kGroup, 92s - 1ns), (Indices{1, 2, 0}));
    EXPECT_EQ(order.order(kGroup, 92s), (Indices{0, 1, 2}));
}

TEST(FailoverOrder, after_enough_successes_a_failure_costs_one_rest_again) {
    FailoverOrder order{{.rest = 30s, .successes = 3}};
    order.failure("polygon", 0s);
    order.failure("polygon", 30s);
    for (const Duration now : {90s, 91s, 92s}) {
        order.success("polygon", now);
    }

    order.failure("polygon", 93s);

    EXPECT_EQ(order.order(kGroup, 123s), (Indices{0, 1, 2}));
}

TEST(FailoverOrder, a_rest_is_never_longer_than_the_most) {
    FailoverOrder order{{.rest = 1s}};
    Duration now{};
    for (int i = 0; i != 100; ++i) {
        order.failure("polygon", now);
        now += 1s * FailoverOrder::kRestsMax;
        ASSERT_EQ(order.order(kGroup, now).front(), 0U);
    }
    order.failure("polygon", now);
    EXPECT_EQ(order.order(kGroup, now + 1s * FailoverOrder::kRestsMax - 1ns).front(), 1U);
}

TEST(FailoverOrder, what_happens_during_a_rest_neither_shortens_nor_lengthens_it) {
    FailoverOrder order{{.rest = 30s, .successes = 1}};
    order.failure("polygon", 0s);
    order.failure("polygon", 1s);
    order.success("polygon", 2s);

    EXPECT_EQ(order.order(kGroup, 30s - 1ns).front(), 1U);
    EXPECT_EQ(order.order(kGroup, 30s).front(), 0U);
}

TEST(FailoverOrder, a_policy_that_makes_no_sense_stops_the_program) {
    EXPECT_DEATH(FailoverOrder({.rest = -1s}), "rest");
    EXPECT_DEATH(FailoverOrder({.rest = Duration::max()}), "rest");
    EXPECT_DEATH(FailoverOrder({.successes = 0}), "successes");
}

}  // namespace
}  // namespace quantconf::quota
