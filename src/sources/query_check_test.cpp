#include "sources/query_check.hpp"

#include <chrono>
#include <limits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sources/client_testing.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

class CostOfAQuery : public ::testing::Test {
protected:
    Answer get(std::int64_t cost) {
        return world.state.get(
            {.source = Provider::Polygon, .path = "/v1/x", .cost = cost, .max_age = Duration{}});
    }
    void expect_refused(std::int64_t cost, const std::string& reason) {
        const std::size_t before = world.sent.size();
        const Answer answer = get(cost);
        EXPECT_EQ(answer.verdict.status, KeyStatus::Unknown) << cost;
        EXPECT_EQ(answer.verdict.detail, "refused_here") << cost;
        EXPECT_EQ(answer.verdict.reason, reason);
        EXPECT_EQ(answer.verdict.wait, std::nullopt) << cost;
        EXPECT_EQ(world.sent.size(), before) << cost;
    }
    void only_window(std::int64_t per_minute) {
        world.limit("polygon") = {};
        world.limit("polygon").requests_per_minute = per_minute;
        world.configure();
    }

    FakeWorld world;
};

TEST_F(CostOfAQuery, is_at_least_one_or_nothing_is_sent) {
    only_window(200);
    expect_refused(0, "a request costs from 1 to 200, not 0");
    expect_refused(-1, "a request costs from 1 to 200, not -1");
    expect_refused(std::numeric_limits<std::int64_t>::min(),
                   "a request costs from 1 to 200, not -9223372036854775808");
    EXPECT_TRUE(get(1).has_data());
}

TEST_F(CostOfAQuery, is_at_most_what_the_smallest_window_lets_through) {
    only_window(200);
    expect_refused(201, "a request that costs 201 can never be sent: the limit is 200 per minute");
    const Answer most = get(200);
    EXPECT_TRUE(most.has_data()) << most.verdict.reason;
    EXPECT_EQ(most.cost, 200);
    EXPECT_EQ(get(1).verdict.detail, "own_limit");
}

TEST_F(CostOfAQuery, is_at_most_what_a_ledger_can_count_where_the_windows_are_large) {
    only_window(5000);
    expect_refused(1001, "a request costs from 1 to 1000, not 1001");
    EXPECT_TRUE(get(1000).has_data());
    EXPECT_EQ(highest_cost({}), 1000);
}

TEST_F(CostOfAQuery, is_looked_at_before_the_cache_is) {
    EXPECT_TRUE(world.state.get({.source = Provider::Polygon, .path = "/v1/x"}).has_data());
    const Answer answer = world.state.get({.source = Provider::Polygon, .path = "/v1/x", .cost = 0});
    EXPECT_EQ(answer.verdict.detail, "refused_here");
    EXPECT_FALSE(answer.from_cache);
}

TEST_F(CostOfAQuery, ages_below_zero_are_refused_by_name) {
    const auto reason = [&](const Query& query) { return world.state.get(query).verdict.reason; };
    EXPECT_EQ(reason({.source = Provider::Polygon, .path = "/v1/x", .max_age = -1ns}),
              "max_age is below zero");
    EXPECT_EQ(reason({.source = Provider::Polygon, .path = "/v1/x", .stale_if_error = -1ns}),
              "stale_if_error is below zero");
    const auto of_group = [&](const GroupQuery& query) { return world.state.ask(query).verdict; };
    EXPECT_EQ(of_group({.capability = "stock_quote_realtime", .max_age = -1ns}).reason,
              "max_age is below zero");
    EXPECT_EQ(of_group({.capability = "stock_quote_realtime", .stale_if_error = -1ns}).detail,
              "refused_here");
    EXPECT_TRUE(world.sent.empty());
}

TEST_F(CostOfAQuery, a_deadline_that_has_passed_for_ever_is_a_deadline_that_has_passed) {
    const Answer answer =
        world.state.get({.source = Provider::Polygon, .path = "/v1/x", .deadline = Duration::min()});
    EXPECT_EQ(answer.verdict.detail, "deadline") << answer.verdict.reason;
    const Answer of_group = world.state.ask({.capability = "stock_quote_realtime",
                                             .parameters = {{"symbol", "AAPL"}},
                                             .deadline = Duration::min()});
    EXPECT_FALSE(of_group.has_data());
    EXPECT_TRUE(world.sent.empty());
}

}  // namespace
}  // namespace quantconf::sources
