// Silence: what it says about a source, by how long somebody has waited.

#include <algorithm>
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "sources/client_testing.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;
using bodies::kPolygonData;

class Patience : public ::testing::Test {
protected:
    void SetUp() override {
        world.limit("polygon").max_retries = 0;
        world.limit("polygon").circuit_breaker_threshold = 2;
        world.limit("polygon").timeout_seconds = 10;
        world.configure();
        is_silent();
    }
    Answer ask(Duration patience) {
        return world.state.source(Provider::Polygon)
            .run({.source = Provider::Polygon, .path = "/x", .deadline = patience});
    }
    void is_silent() {
        world.always([this](const net::Request& request) {
            world.timeline.advance(request.timeout);
            return net::Response{.transport = net::Transport::Timeout, .problem = "no whole answer in time"};
        });
    }
    /// Answers, but not at once.
    void answers_after(Duration latency) {
        world.always([this, latency](const net::Request& request) {
            world.timeline.advance(std::min<Duration>(latency, request.timeout));
            return latency > request.timeout ? net::Response{.transport = net::Transport::Timeout}
                                             : FakeWorld::says(200, kPolygonData)(request);
        });
    }
    [[nodiscard]] quota::BreakerState breaker() const {
        return world.state.source(Provider::Polygon).breaker_state();
    }

    FakeWorld world;
};

TEST_F(Patience, that_of_a_hurried_caller_ends_without_a_word_about_the_source) {
    const Answer answer = ask(1s);
    EXPECT_EQ(answer.verdict.status, KeyStatus::Unreachable);
    EXPECT_EQ(answer.verdict.detail, "deadline") << "others may wait longer";
    EXPECT_EQ(answer.attempts, 1);
    EXPECT_EQ(answer.cost, 1);
    EXPECT_EQ(breaker(), quota::BreakerState::Closed);
    EXPECT_EQ(ask(10s).verdict.detail, "transport");
}

TEST_F(Patience, hurried_callers_together_find_out_that_a_source_is_dead) {
    for (int i = 0; i < 19; ++i) {
        EXPECT_EQ(ask(1s).attempts, 1);
        EXPECT_EQ(breaker(), quota::BreakerState::Closed) << i;
    }
    EXPECT_EQ(ask(1s).attempts, 1);  // Twenty seconds of silence: two timeouts of ten.
    EXPECT_EQ(ask(1s).verdict.detail, "breaker_open");
}

TEST_F(Patience, a_caller_who_waited_nearly_as_long_as_the_source_may_take_counts_in_full) {
    (void)ask(9s);
    EXPECT_EQ(breaker(), quota::BreakerState::Closed);
    (void)ask(9s);
    EXPECT_EQ(breaker(), quota::BreakerState::Open);
}

TEST_F(Patience, hurried_callers_do_not_take_a_slow_source_from_patient_ones) {
    answers_after(5s);
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 19; ++i) {  // Nearly two timeouts, which would open it.
            EXPECT_EQ(ask(1s).attempts, 1);
        }
        EXPECT_TRUE(ask(8s).has_data());
    }
    EXPECT_EQ(breaker(), quota::BreakerState::Closed);
}

TEST_F(Patience, time_for_a_connection_that_was_not_the_callers_counts) {
    world.limit("polygon").timeout_seconds = 60;
    world.configure();
    world.always(FakeWorld::fails(net::Transport::Timeout, true));  // After ten seconds.
    (void)ask(30s);
    (void)ask(30s);
    EXPECT_EQ(breaker(), quota::BreakerState::Open);
}

TEST_F(Patience, a_probe_of_hurried_callers_closes_no_breaker_and_opens_it_again) {
    (void)ask(10s);
    (void)ask(10s);
    ASSERT_EQ(breaker(), quota::BreakerState::Open);
    world.timeline.advance(10min);
    for (int i = 0; i < 10; ++i) {
        ASSERT_EQ(breaker(), quota::BreakerState::HalfOpen);
        EXPECT_EQ(ask(1s).attempts, 1);
    }
    EXPECT_EQ(breaker(), quota::BreakerState::Open);
}

}  // namespace
}  // namespace quantconf::sources
