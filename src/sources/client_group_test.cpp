// Groups: who is asked, for how long, and what is told about the others.

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "sources/client_testing.hpp"
#include "sources/fill.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

/// Quotes of Polygon, else of Finnhub; neither is asked twice by one question.
class Group : public testing::Test {
protected:
    void SetUp() override {
        for (const char* source : {"polygon", "finnhub"}) {
            world.limit(source).max_retries = 0;
        }
        world.configure();
    }

    void polygon_says(FakeWorld::Respond respond) {
        world.always([respond = std::move(respond)](const net::Request& request) {
            const bool is_polygon = request.url.find("polygon") != std::string::npos;
            return is_polygon ? respond(request) : FakeWorld::says(200, bodies::kFinnhubData)(request);
        });
    }
    Answer ask(std::optional<Duration> deadline = std::nullopt) {
        return world.state.ask({.capability = "stock_quote_realtime",
                                .parameters = {{"symbol", "AAPL"}},
                                .deadline = deadline,
                                .max_age = 0s});
    }
    [[nodiscard]] std::size_t sent_to_polygon() const {
        return static_cast<std::size_t>(std::ranges::count_if(world.sent, [](const net::Request& request) {
            return request.url.find("polygon") != std::string::npos;
        }));
    }

    FakeWorld world;
};

TEST_F(Group, a_silent_source_leaves_time_for_the_next) {
    polygon_says([this](const net::Request& request) {
        world.timeline.advance(request.timeout);
        return net::Response{.transport = net::Transport::Timeout, .problem = "no answer in time"};
    });
    const Answer answer = ask(4s);
    EXPECT_EQ(answer.source, Provider::Finnhub);
    EXPECT_TRUE(answer.has_data()) << answer.verdict.reason;
    ASSERT_EQ(world.sent.size(), 2U);
    EXPECT_EQ(world.sent[0].timeout, 2s);
    EXPECT_EQ(world.sent[1].timeout, 2s);  // The last one gets all that is left.
}

TEST_F(Group, a_hurried_question_puts_no_source_behind_the_others_for_everybody) {
    polygon_says([this](const net::Request& request) {  // Answers after 100 ms.
        const bool is_in_time = request.timeout >= 100ms;
        world.timeline.advance(std::min<Duration>(request.timeout, 100ms));
        return is_in_time ? FakeWorld::says(200, bodies::kPolygonData)(request)
                          : net::Response{.transport = net::Transport::Timeout};
    });
    EXPECT_EQ(ask(20ms).source, Provider::Finnhub);
    EXPECT_EQ(ask(4s).source, Provider::Polygon);
}

TEST_F(Group, a_source_that_is_silent_for_long_costs_the_next_ones_no_time) {
    polygon_says([this](const net::Request& request) {
        world.timeline.advance(request.timeout);
        return net::Response{.transport = net::Transport::Timeout};
    });
    EXPECT_EQ(ask(1999ms * 2).source, Provider::Finnhub);
    EXPECT_EQ(sent_to_polygon(), 1U);
    EXPECT_EQ(ask(2ms).source, Provider::Finnhub);
    EXPECT_EQ(sent_to_polygon(), 2U) << "not yet two seconds of silence";
    EXPECT_EQ(ask(4s).source, Provider::Finnhub);
    EXPECT_EQ(sent_to_polygon(), 2U);
}

TEST_F(Group, a_no_to_one_question_costs_the_source_its_place_for_no_other_one) {
    const auto wrong = R"({"status":"ERROR","error":"Could not parse the symbol."})";
    const auto not_in_plan = R"({"status":"NOT_AUTHORIZED","message":"You are not entitled to this data."})";
    for (const auto& [status, body] :
         {std::pair{400, wrong}, std::pair{422, wrong}, std::pair{403, not_in_plan}}) {
        polygon_says(FakeWorld::says(status, body));
        const Answer other = ask();
        EXPECT_EQ(other.source, Provider::Finnhub) << "it may know";
        ASSERT_EQ(other.passed_over.size(), 1U);
        EXPECT_EQ(other.passed_over[0].attempts, 1);
        polygon_says(FakeWorld::says(200, bodies::kPolygonData));
        EXPECT_EQ(ask().source, Provider::Polygon) << status;
    }
    // Nor does the next failure count as a relapse.
    polygon_says(FakeWorld::says(503, ""));
    EXPECT_EQ(ask().source, Provider::Finnhub);
    polygon_says(FakeWorld::says(200, bodies::kPolygonData));
    world.timeline.advance(30s);
    EXPECT_EQ(ask().source, Provider::Polygon);
}

TEST_F(Group, says_what_it_cost_to_ask_in_vain) {
    polygon_says(FakeWorld::says(503, ""));
    const Answer answer = ask();
    ASSERT_EQ(answer.passed_over.size(), 1U);
    EXPECT_EQ(answer.passed_over[0].attempts, 1);
    EXPECT_EQ(answer.passed_over[0].cost, 1);
    EXPECT_EQ(answer.cost, 1);
}

TEST_F(Group, counts_everything_once_when_nobody_answers) {
    world.always(FakeWorld::says(503, ""));
    const Answer answer = ask();
    EXPECT_FALSE(answer.has_data());
    EXPECT_EQ(answer.source, Provider::Finnhub);
    EXPECT_EQ(answer.cost, 1);
    ASSERT_EQ(answer.passed_over.size(), 1U);
    EXPECT_EQ(answer.passed_over[0].source, Provider::Polygon);
}

TEST_F(Group, says_why_a_source_that_rests_was_not_asked) {
    polygon_says(FakeWorld::says(503, ""));
    (void)ask();
    polygon_says(FakeWorld::says(200, bodies::kPolygonData));
    const Answer answer = ask();
    EXPECT_EQ(answer.source, Provider::Finnhub);
    EXPECT_EQ(sent_to_polygon(), 1U);
    ASSERT_EQ(answer.passed_over.size(), 1U);
    EXPECT_EQ(answer.passed_over[0].source, Provider::Polygon);
    EXPECT_TRUE(answer.passed_over[0].because.starts_with("it failed a moment ago and rests: "))
        << answer.passed_over[0].because;
    EXPECT_EQ(answer.passed_over[0].cost, 0);
    world.timeline.advance(30s);
    EXPECT_TRUE(ask().passed_over.empty());
}

TEST_F(Group, others_are_told_in_the_order_of_the_group) {
    world.config().data_sources.failover["stock_quote_delayed"] = {Provider::AlphaVantage, Provider::Polygon,
                                                                   Provider::Finnhub};
    world.config().data_sources.polygon_api_key = {};  // Known before anybody is asked.
    world.limit("alpha_vantage").max_retries = 0;
    world.configure();
    world.always([](const net::Request& request) {
        const bool is_finnhub = request.url.find("finnhub") != std::string::npos;
        return is_finnhub ? FakeWorld::says(200, bodies::kFinnhubData)(request)
                          : net::Response{.status = 503};
    });
    const Answer answer = world.state.ask(
        {.capability = "stock_quote_delayed", .parameters = {{"symbol", "AAPL"}}, .max_age = 0s});
    EXPECT_EQ(answer.source, Provider::Finnhub);
    ASSERT_EQ(answer.passed_over.size(), 2U);
    EXPECT_EQ(answer.passed_over[0].source, Provider::AlphaVantage);
    EXPECT_EQ(answer.passed_over[1].source, Provider::Polygon);
}

/// While one question finds out whether a source is back, the others go elsewhere, and nobody holds it
/// against it.
TEST_F(Group, a_probe_that_is_under_way_costs_no_rest) {
    world.limit("polygon").circuit_breaker_threshold = 1;
    world.limit("polygon").circuit_breaker_timeout = 2s;
    world.configure();
    polygon_says(FakeWorld::says(503, ""));
    (void)ask();
    world.timeline.advance(2s);
    Answer other;
    bool is_probing = false;
    polygon_says([&](const net::Request& request) {
        if (!std::exchange(is_probing, true)) {
            other = ask();
        }
        return FakeWorld::says(200, bodies::kPolygonData)(request);
    });
    EXPECT_EQ(ask().source, Provider::Polygon);
    EXPECT_EQ(other.source, Provider::Finnhub);
    EXPECT_EQ(ask().source, Provider::Polygon);
}

/// The window is shorter than any rest: who rests would still be behind when its next request is free.
TEST_F(Group, our_own_limit_is_passed_over_and_not_held_against_the_source) {
    world.config().data_sources.rate_limits.at("polygon") = {.requests_per_second = 1, .max_retries = 0};
    world.configure();
    polygon_says(FakeWorld::says(200, bodies::kPolygonData));
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(ask(500ms).source, Provider::Polygon) << "it has not failed: no rest, " << round;
        for (int i = 0; i < 3; ++i) {
            const Answer other = ask(500ms);
            EXPECT_EQ(other.source, Provider::Finnhub);
            ASSERT_EQ(other.passed_over.size(), 1U);
            EXPECT_NE(other.passed_over[0].because.find("our own count is at its limit: 1 per second"),
                      std::string::npos)
                << other.passed_over[0].because;
            EXPECT_EQ(other.passed_over[0].cost, 0);
        }
        world.timeline.advance(2s);  // A second, and the guard of the window.
    }
}

/// The whole source is away, not one question: nobody asks it again before it said it would be back.
TEST_F(Group, a_source_that_says_how_long_it_is_away_is_not_asked_meanwhile) {
    polygon_says(FakeWorld::says(503, "", {{"retry-after", "120"}}));
    EXPECT_EQ(ask().source, Provider::Finnhub);
    polygon_says(FakeWorld::says(200, bodies::kPolygonData));
    world.timeline.advance(119s);  // Its rest in the group was over after 30 seconds.
    const Answer other = ask();
    EXPECT_EQ(other.source, Provider::Finnhub);
    EXPECT_TRUE(other.passed_over.at(0).because.starts_with("it wants to be left alone: "))
        << other.passed_over.at(0).because;
    EXPECT_EQ(sent_to_polygon(), 1U);
    world.timeline.advance(1s);
    EXPECT_EQ(ask().source, Provider::Polygon);
}

TEST_F(Group, nobody_rests_longer_than_its_breaker_stays_open) {
    world.limit("polygon").circuit_breaker_timeout = 5s;
    world.configure();
    polygon_says(FakeWorld::says(503, ""));
    (void)ask();
    polygon_says(FakeWorld::says(200, bodies::kPolygonData));
    world.timeline.advance(5s - 1ms);
    EXPECT_EQ(ask().source, Provider::Finnhub);
    world.timeline.advance(1ms);
    EXPECT_EQ(ask().source, Provider::Polygon);
}

/// Places of one name must mean the same to all sources: then one list fills those of a whole group.
TEST(Paths, one_list_of_values_fills_the_places_of_every_source) {
    const Parameters values{{"symbol", "AAPL"},
                            {"from", "2026-01-02"},
                            {"to", "2026-01-31"},
                            {"from_epoch", "1767312000"},
                            {"to_epoch", "1769817600"},
                            {"latitude", "40.71"},
                            {"longitude", "-74.01"},
                            {"fred_series", "GNPCA"},
                            {"polygon_series", "inflation"},
                            {"alpha_vantage_series", "REAL_GDP"}};
    for (const auto& [capability, providers] : quantbot::default_failover()) {
        for (const Provider provider : providers) {
            const Source& source = Catalogue::built_in().at(provider);
            const auto path = path_for(source, capability, values);
            if (provider == Provider::OpenAi) {
                ASSERT_FALSE(path) << capability;
                EXPECT_NE(path.error().find("with a body"), std::string::npos);
                continue;
            }
            ASSERT_TRUE(path) << path.error();
            EXPECT_EQ(path->find_first_of("{}"), std::string::npos) << *path;
        }
    }
}

TEST(Paths, days_and_seconds_are_not_mistaken_for_each_other) {
    const Source& polygon = Catalogue::built_in().at(Provider::Polygon);
    const Source& finnhub = Catalogue::built_in().at(Provider::Finnhub);
    const Parameters days{{"symbol", "AAPL"}, {"from", "2026-01-02"}, {"to", "2026-01-31"}};
    EXPECT_TRUE(path_for(polygon, "bars_daily", days));
    EXPECT_EQ(path_for(finnhub, "bars_daily", days).error(), "Finnhub needs to know from_epoch");
}

}  // namespace
}  // namespace quantconf::sources
