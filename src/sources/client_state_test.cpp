#include "sources/client_state.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "sources/client_testing.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;
using bodies::kFinnhubData;
using bodies::kPolygonData;
using bodies::kPolygonUnknownKey;

/// Whether it came to be while there was reason to wait for it.
template <typename Condition>
bool comes_true(const Condition& condition) {
    const auto patience = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= patience) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

class Client : public ::testing::Test {
protected:
    Answer get(Query query = {.source = Provider::Polygon, .path = "/v1/x"}) {
        return world.state.get(query);
    }
    Answer ask(GroupQuery query = {.capability = "stock_quote_realtime",
                                   .parameters = {{"symbol", "AAPL"}}}) {
        return world.state.ask(query);
    }
    /// Each source answers for itself.
    void by_host(std::map<std::string, FakeWorld::Respond> responses) {
        world.always([responses = std::move(responses)](const net::Request& request) {
            for (const auto& [host, respond] : responses) {
                if (request.url.find(host) != std::string::npos) {
                    return respond(request);
                }
            }
            return net::Response{.status = 503};
        });
    }

    FakeWorld world;
};

TEST_F(Client, asks_once_while_the_answer_is_fresh) {
    world.always(FakeWorld::says(200, kPolygonData));
    EXPECT_FALSE(get().from_cache);
    world.timeline.advance(10min);
    const Answer kept = get();
    EXPECT_TRUE(kept.from_cache);
    EXPECT_EQ(kept.age, 10min);
    EXPECT_EQ(kept.attempts, 0);
    EXPECT_EQ(kept.cost, 0);
    EXPECT_EQ(kept.body, kPolygonData);
    EXPECT_EQ(world.sent.size(), 1U);
    world.timeline.advance(50min + 1ns);
    EXPECT_FALSE(get().from_cache);
}

TEST_F(Client, another_question_another_key_or_another_address_is_another_answer) {
    world.always(FakeWorld::says(200, kPolygonData));
    (void)get();
    (void)get({.source = Provider::Polygon, .path = "/v1/x", .parameters = {{"a", "1"}}});
    EXPECT_EQ(world.sent.size(), 2U);
    world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-2");
    world.configure();
    (void)get();
    EXPECT_EQ(world.sent.size(), 3U);
    world.config().data_sources.endpoints["polygon"] = "http://127.0.0.1:9";
    world.configure();
    (void)get();
    EXPECT_EQ(world.sent.size(), 4U);
}

TEST_F(Client, keeps_nothing_that_is_no_data) {
    for (const auto& respond :
         {FakeWorld::says(404, R"({"status":"NOT_FOUND"})"), FakeWorld::says(200, "<html>"),
          FakeWorld::says(400, R"({"status":"ERROR","error":"x"})")}) {
        world.always(respond);
        const std::size_t before = world.sent.size();
        (void)get();
        (void)get();
        EXPECT_EQ(world.sent.size(), before + 2);
    }
    EXPECT_EQ(world.state.cache_figures().entries, 0U);
}

TEST_F(Client, max_age_zero_and_a_disabled_cache_ask_and_keep_nothing) {
    world.always(FakeWorld::says(200, kPolygonData));
    (void)get({.source = Provider::Polygon, .path = "/v1/x", .max_age = 0s});
    EXPECT_EQ(world.state.cache_figures().entries, 0U);
    world.config().cache_enabled = false;
    world.configure();
    (void)get();
    (void)get();
    EXPECT_EQ(world.sent.size(), 3U);
}

TEST_F(Client, an_older_answer_stands_in_for_a_failure_only_when_asked_and_says_so) {
    world.limit("polygon").max_retries = 0;
    world.configure();
    world.always(FakeWorld::says(200, kPolygonData));
    (void)get();
    world.timeline.advance(2h);
    world.always(FakeWorld::says(503, ""));
    EXPECT_FALSE(get().has_data());
    const Answer stale = get({.source = Provider::Polygon, .path = "/v1/x", .stale_if_error = 3h});
    EXPECT_TRUE(stale.has_data());
    EXPECT_TRUE(stale.is_stale);
    EXPECT_EQ(stale.age, 2h);
    EXPECT_EQ(stale.attempts, 1);
    EXPECT_FALSE(get({.source = Provider::Polygon, .path = "/v1/x", .stale_if_error = 1h}).has_data());
    // Somebody has to act on a refused key: an old answer would hide it.
    world.always(FakeWorld::says(401, kPolygonUnknownKey));
    EXPECT_FALSE(get({.source = Provider::Polygon, .path = "/v1/x", .stale_if_error = 3h}).has_data());
}

TEST_F(Client, a_group_takes_the_next_source_and_says_why) {
    world.limit("polygon").max_retries = 0;
    world.configure();
    by_host({{"polygon", FakeWorld::says(503, "")}, {"finnhub", FakeWorld::says(200, kFinnhubData)}});
    const Answer answer = ask();
    EXPECT_TRUE(answer.has_data());
    EXPECT_EQ(answer.source, Provider::Finnhub);
    ASSERT_EQ(answer.passed_over.size(), 1U);
    EXPECT_EQ(answer.passed_over[0].source, Provider::Polygon);
    EXPECT_FALSE(answer.passed_over[0].because.empty());
}

TEST_F(Client, a_source_that_has_failed_rests_and_then_has_its_place_again) {
    world.limit("polygon").max_retries = 0;
    world.configure();
    by_host({{"polygon", FakeWorld::says(503, "")}, {"finnhub", FakeWorld::says(200, kFinnhubData)}});
    const GroupQuery query{
        .capability = "stock_quote_realtime", .parameters = {{"symbol", "AAPL"}}, .max_age = 0s};
    (void)ask(query);
    (void)ask(query);
    EXPECT_EQ(world.sent.size(), 3U);  // Polygon was asked once.
    by_host(
        {{"polygon", FakeWorld::says(200, kPolygonData)}, {"finnhub", FakeWorld::says(200, kFinnhubData)}});
    EXPECT_EQ(ask(query).source, Provider::Finnhub);
    world.timeline.advance(31s);
    EXPECT_EQ(ask(query).source, Provider::Polygon);
}

TEST_F(Client, who_has_no_key_is_passed_over_without_being_asked) {
    world.config().data_sources.polygon_api_key = {};
    world.configure();
    world.always(FakeWorld::says(200, kFinnhubData));
    const Answer answer = ask();
    EXPECT_EQ(answer.source, Provider::Finnhub);
    ASSERT_EQ(answer.passed_over.size(), 1U);
    EXPECT_EQ(answer.passed_over[0].because, "data_sources.polygon_api_key is not set");
    EXPECT_EQ(world.sent.size(), 1U);
}

TEST_F(Client, a_revoked_key_fails_over_and_stops_being_asked) {
    by_host({{"polygon", FakeWorld::says(401, kPolygonUnknownKey)},
             {"finnhub", FakeWorld::says(200, kFinnhubData)}});
    const GroupQuery query{
        .capability = "stock_quote_realtime", .parameters = {{"symbol", "AAPL"}}, .max_age = 0s};
    EXPECT_EQ(ask(query).source, Provider::Finnhub);
    const Answer second = ask(query);
    EXPECT_EQ(second.source, Provider::Finnhub);
    EXPECT_EQ(world.sent.size(), 3U);
    EXPECT_NE(second.passed_over.at(0).because.find("refused this key"), std::string::npos);
}

TEST_F(Client, an_empty_answer_is_an_answer) {
    by_host({{"polygon", FakeWorld::says(404, R"({"status":"NOT_FOUND"})")}});
    const Answer answer = ask();
    EXPECT_EQ(answer.source, Provider::Polygon);
    EXPECT_EQ(answer.verdict.status, KeyStatus::Valid);
    EXPECT_FALSE(answer.has_data());
    EXPECT_EQ(world.sent.size(), 1U);
}

TEST_F(Client, a_refusal_of_the_question_is_no_data_whatever_status_it_comes_with) {
    const char* refusal = R"({"status":"error","code":"parameterInvalid","message":"country is unknown"})";
    by_host({{"newsapi", FakeWorld::says(200, refusal)},
             {"gnews", FakeWorld::says(200, R"({"totalArticles":1,"articles":[{"title":"x"}]})")}});

    const Query query{.source = Provider::NewsApi, .path = "/top-headlines"};
    const Answer refused = get(query);
    EXPECT_EQ(refused.verdict.status, KeyStatus::Valid) << "the key is good";
    EXPECT_EQ(refused.verdict.detail, "bad_request");
    EXPECT_EQ(refused.http_status, 200);
    EXPECT_FALSE(refused.has_data());
    EXPECT_FALSE(get(query).from_cache);
    EXPECT_EQ(world.state.cache_figures().entries, 0U);

    const Answer other = ask({.capability = "news_general"});
    EXPECT_EQ(other.source, Provider::GNews);
    EXPECT_TRUE(other.has_data()) << other.verdict.reason;
    ASSERT_FALSE(other.passed_over.empty());
    EXPECT_EQ(other.passed_over[0].source, Provider::NewsApi);
    EXPECT_EQ(other.passed_over[0].because, "country is unknown");
}

TEST_F(Client, an_empty_list_is_data) {
    world.always(FakeWorld::says(200, "[]"));
    const Answer answer = get({.source = Provider::Finnhub, .path = "/company-news"});
    EXPECT_EQ(answer.verdict.detail, "no_data");
    EXPECT_TRUE(answer.has_data());
}

TEST_F(Client, an_unknown_group_and_a_missing_value_are_said_in_words) {
    EXPECT_NE(ask({.capability = "stock_quotes_realtime"}).verdict.reason.find("stock_quote_realtime"),
              std::string::npos);
    const Answer answer = ask({.capability = "stock_quote_realtime"});
    ASSERT_FALSE(answer.passed_over.empty());
    EXPECT_NE(answer.passed_over[0].because.find("needs to know symbol"), std::string::npos);
    EXPECT_TRUE(world.sent.empty());
}

TEST_F(Client, when_everybody_fails_an_old_answer_is_the_last_resort) {
    for (const char* source : {"polygon", "finnhub"}) {
        world.limit(source).max_retries = 0;
    }
    world.configure();
    by_host({{"polygon", FakeWorld::says(200, kPolygonData)}});
    (void)ask();
    world.timeline.advance(90min);
    world.always(FakeWorld::says(503, ""));
    GroupQuery query{.capability = "stock_quote_realtime", .parameters = {{"symbol", "AAPL"}}};
    EXPECT_FALSE(ask(query).has_data());
    query.stale_if_error = 2h;
    const Answer stale = ask(query);
    EXPECT_TRUE(stale.is_stale);
    EXPECT_EQ(stale.source, Provider::Polygon);
    EXPECT_EQ(stale.passed_over.size(), 2U);
}

TEST_F(Client, an_old_answer_of_a_group_hides_no_refused_key) {
    for (const char* source : {"polygon", "finnhub"}) {
        world.limit(source).max_retries = 0;
    }
    world.configure();
    const GroupQuery query{
        .capability = "stock_quote_realtime", .parameters = {{"symbol", "AAPL"}}, .stale_if_error = 3h};
    by_host({{"polygon", FakeWorld::says(200, kPolygonData)}});
    (void)ask(query);
    world.timeline.advance(2h);
    by_host({{"polygon", FakeWorld::says(401, kPolygonUnknownKey)}, {"finnhub", FakeWorld::says(503, "")}});

    const Answer refused = ask(query);
    EXPECT_FALSE(refused.has_data());
    EXPECT_NE(refused.passed_over.at(0).because.find("Unknown API Key"), std::string::npos)
        << refused.passed_over.at(0).because;
    const Answer known = ask(query);  // It is not even asked any more.
    EXPECT_FALSE(known.has_data());
    EXPECT_NE(known.passed_over.at(0).because.find("it has refused this key"), std::string::npos);

    world.timeline.advance(10min);
    world.always(FakeWorld::says(503, ""));
    const Answer bridged = ask(query);
    EXPECT_TRUE(bridged.is_stale);
    EXPECT_EQ(bridged.source, Provider::Polygon);
    EXPECT_EQ(bridged.age, 2h + 10min);
    EXPECT_TRUE(bridged.verdict.reason.starts_with("kept, because nobody answered: "))
        << bridged.verdict.reason;
}

TEST_F(Client, a_source_whose_key_may_not_go_to_its_address_is_not_usable) {
    world.config().data_sources.endpoints["polygon"] = "https://evil.example";
    world.configure();

    const SourceReport report = world.state.report(Provider::Polygon);

    EXPECT_FALSE(report.is_usable);
    EXPECT_NE(report.why_not.find("evil.example is no host of"), std::string::npos) << report.why_not;
    EXPECT_NE(report.hint.find("--host evil.example"), std::string::npos) << report.hint;
}

TEST_F(Client, reports_what_is_left) {
    world.always(FakeWorld::says(200, kPolygonData));
    (void)get();
    const SourceReport report = world.state.report(Provider::Polygon);
    EXPECT_TRUE(report.is_usable) << report.why_not;
    ASSERT_EQ(report.windows.size(), 4U);
    EXPECT_EQ(report.windows[1].window, "300 per minute");
    EXPECT_EQ(report.windows[1].per, 1min);
    EXPECT_EQ(report.windows[1].used, 1);
    EXPECT_EQ(report.windows[1].remaining, 299);
    EXPECT_FALSE(world.state.report(Provider::StockTwits).has_key);
}

TEST_F(Client, reports_when_the_next_request_may_go_while_some_are_left) {
    world.always(FakeWorld::says(200, R"({"markets":[1]})"));
    world.limit("alpha_vantage") = {
        .requests_per_minute = 5, .burst_limit = 1, .strategy = quantbot::Strategy::TokenBucket};
    world.configure();
    (void)get({.source = Provider::AlphaVantage, .path = "?function=MARKET_STATUS"});
    const SourceReport report = world.state.report(Provider::AlphaVantage);
    EXPECT_TRUE(report.is_usable) << "who asks waits a moment";
    ASSERT_EQ(report.windows.size(), 1U);
    EXPECT_EQ(report.windows[0].remaining, 4);
    EXPECT_EQ(report.windows[0].reset, 12s);
}

TEST_F(Client, a_ledger_that_is_slow_to_open_keeps_nobody_but_its_own_source) {
    world.always(FakeWorld::says(200, kFinnhubData));
    world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-2");
    world.config().data_sources.finnhub_api_key = Secret::plain("finnhub-canary-2");
    std::promise<void> may_open;
    std::promise<void> is_opening;
    world.on_open = [&, gate = may_open.get_future().share()](const Source& source) {
        if (source.provider == Provider::Polygon) {
            is_opening.set_value();
            gate.wait();
        }
    };
    const auto finnhub = [&] { return world.state.source(Provider::Finnhub).configured()->fingerprint; };
    const std::string before = finnhub();
    std::jthread configuring{[&] { world.configure(); }};
    is_opening.get_future().wait();

    EXPECT_TRUE(comes_true([&] { return finnhub() != before; }));
    EXPECT_TRUE(get({.source = Provider::Finnhub, .path = "/quote"}).has_data());

    may_open.set_value();
}

TEST(Flights, of_many_who_ask_the_same_one_flies) {
    Flights flights;
    std::atomic<int> flown = 0;
    std::atomic<int> shared = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                const auto answer = flights.join("k", 60s, {}, [&] {
                    ++flown;
                    EXPECT_TRUE(comes_true([&] { return flights.waiting("k") == 7; }));
                    return Answer{.attempts = 1};
                });
                ASSERT_TRUE(answer);
                shared += answer->was_shared ? 1 : 0;
            });
        }
    }
    EXPECT_EQ(flown, 1);
    EXPECT_EQ(shared, 7);
    EXPECT_EQ(flights.waiting("k"), 0U);
}

TEST(Flights, a_flight_that_throws_keeps_nobody_waiting) {
    Flights flights;
    EXPECT_THROW((void)flights.join("k", 60s, {}, []() -> Answer { throw std::runtime_error{"progress"}; }),
                 std::runtime_error);
    EXPECT_TRUE(flights.join("k", 0s, {}, [] { return Answer{}; }));
}

TEST(Flights, patience_without_end_is_no_overflow) {
    Flights flights;
    EXPECT_TRUE(flights.join("k", Duration::max(), {}, [] { return Answer{}; }));
}

TEST(Flights, who_was_stopped_brings_nothing_for_the_others) {
    Flights flights;
    std::atomic<bool> is_flying = false;
    std::atomic<bool> may_land = false;
    std::jthread first{[&] {
        (void)flights.join("k", 60s, {}, [&] {
            is_flying = true;
            EXPECT_TRUE(comes_true([&] { return may_land.load(); }));
            return Answer{.verdict = {.status = KeyStatus::Unreachable, .detail = "cancelled"}};
        });
    }};
    EXPECT_TRUE(comes_true([&] { return is_flying.load(); }));
    std::jthread second{[&] {
        const auto answer = flights.join("k", 60s, {}, [] { return Answer{.attempts = 7}; });
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->attempts, 7);
        EXPECT_FALSE(answer->was_shared);
    }};
    EXPECT_TRUE(comes_true([&] { return flights.waiting("k") == 1; }));
    may_land = true;
}

TEST(Flights, patience_and_stop_end_the_waiting_for_somebody_else) {
    Flights flights;
    std::atomic<bool> is_flying = false;
    std::atomic<bool> may_land = false;
    std::jthread first{[&] {
        (void)flights.join("k", 60s, {}, [&] {
            is_flying = true;
            EXPECT_TRUE(comes_true([&] { return may_land.load(); }));
            return Answer{};
        });
    }};
    EXPECT_TRUE(comes_true([&] { return is_flying.load(); }));
    const auto never = [] { return Answer{}; };
    EXPECT_FALSE(flights.join("k", 1ms, {}, never));
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(flights.join("k", 60s, stop.get_token(), never));
    may_land = true;
}

}  // namespace
}  // namespace quantconf::sources
