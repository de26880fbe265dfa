#include "sources/governed_source.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "sources/client_testing.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;
using bodies::kPolygonData;
using bodies::kPolygonUnknownKey;

class Governed : public ::testing::Test {
protected:
    Answer ask(Query query = {.source = Provider::Polygon, .path = "/v1/x"}) {
        return world.state.source(query.source).run(query);
    }
    std::int64_t used(Provider provider = Provider::Polygon) {
        return world.state.report(provider).windows.back().used;
    }

    FakeWorld world;
};

TEST_F(Governed, sends_the_key_in_a_header_where_the_provider_takes_it_there) {
    world.always(FakeWorld::says(200, kPolygonData));
    const Answer answer =
        ask({.source = Provider::Polygon, .path = "/v2/last", .parameters = {{"a b", "c&d"}}});
    EXPECT_TRUE(answer.has_data()) << answer.verdict.reason;
    ASSERT_EQ(world.sent.size(), 1U);
    EXPECT_EQ(world.sent[0].url, "https://api.polygon.io/v2/last?a%20b=c%26d");
    ASSERT_EQ(world.sent[0].secret_headers.size(), 1U);
    EXPECT_EQ(world.sent[0].secret_headers[0].before, "Bearer ");
    EXPECT_EQ(answer.cost, 1);
    EXPECT_EQ(answer.body, kPolygonData);
}

TEST_F(Governed, asks_nobody_without_a_key) {
    world.config().data_sources.polygon_api_key = {};
    world.configure();
    const Answer answer = ask();
    EXPECT_EQ(answer.verdict.status, KeyStatus::Unknown);
    EXPECT_EQ(answer.verdict.reason, "data_sources.polygon_api_key is not set");
    EXPECT_TRUE(world.sent.empty());
}

TEST_F(Governed, a_key_that_cannot_be_one_is_not_sent) {
    for (const char* key : {"REPLACE_ME", "polygon-canary-2\r", "***"}) {
        world.config().data_sources.polygon_api_key = Secret::plain(key);
        world.configure();
        const Answer answer = ask();
        EXPECT_EQ(answer.verdict.status, KeyStatus::Invalid);
        EXPECT_EQ(answer.verdict.detail, "malformed");
        EXPECT_FALSE(world.state.report(Provider::Polygon).is_usable);
    }
    EXPECT_TRUE(world.sent.empty());
}

TEST_F(Governed, a_key_that_was_stored_an_hour_ago_may_not_work_yet) {
    // OpenWeather answers so for up to two hours after a key was made: not a word about a good key.
    const auto words = FakeWorld::says(401, R"({"cod":401,"message":"Invalid API key."})");
    const auto status_of_a_key_of = [&](Duration age) {
        const auto since = world.clock.now() - std::chrono::duration_cast<std::chrono::microseconds>(age);
        world.config().data_sources.openweather_api_key =
            Secret::resolved("SECURE:weather", 1, "weather-canary-1", {.since = since});
        world.configure();
        world.always(words);
        return ask({.source = Provider::OpenWeather, .path = "/data/2.5/weather"}).verdict.status;
    };
    EXPECT_EQ(status_of_a_key_of(1h), KeyStatus::Unknown);
    EXPECT_TRUE(world.verdicts.empty());
    EXPECT_EQ(status_of_a_key_of(3h), KeyStatus::Invalid);
}

TEST_F(Governed, what_cannot_be_sent_is_tried_once_and_says_nothing_about_the_source) {
    // Such as a key with a line break, which fits in no header.
    world.always(FakeWorld::fails(net::Transport::BadUrl, true));
    for (int i = 0; i < 10; ++i) {
        const Answer answer = ask();
        EXPECT_EQ(answer.verdict.status, KeyStatus::Unknown);
        EXPECT_EQ(answer.verdict.detail, "refused_here");
        EXPECT_EQ(answer.attempts, 0);
    }
    EXPECT_EQ(world.sent.size(), 10U);
    EXPECT_EQ(used(), 0);
    EXPECT_EQ(world.state.source(Provider::Polygon).breaker_state(), quota::BreakerState::Closed);
}

TEST_F(Governed, a_content_type_that_repeats_the_key_is_not_shown) {
    world.always([](const net::Request&) {
        return net::Response{.status = 200,
                             .headers = {{.name = "content-type", .value = "text/polygon-canary-1"}},
                             .body = bodies::kPolygonData};
    });
    EXPECT_EQ(ask().content_type, "text/[redacted]");
}

TEST_F(Governed, repeats_what_found_nobody_and_charges_every_attempt) {
    world.answers({FakeWorld::says(503, ""), FakeWorld::says(502, ""), FakeWorld::says(200, kPolygonData)});
    const Answer answer = ask();
    EXPECT_TRUE(answer.has_data());
    EXPECT_EQ(answer.attempts, 3);
    EXPECT_EQ(answer.cost, 3);
    EXPECT_EQ(used(), 3);
    EXPECT_EQ(world.slept.size(), 2U);
}

TEST_F(Governed, an_encoding_that_nobody_asked_for_is_not_asked_for_again) {
    const auto broken = [](std::string encoding) {
        return [=](const net::Request&) {
            return net::Response{.transport = net::Transport::Interrupted,
                                 .status = 200,
                                 .headers = {{.name = "content-encoding", .value = encoding}},
                                 .problem = "the answer broke off"};
        };
    };
    world.always(broken("BR"));
    const Answer answer = ask();
    EXPECT_EQ(answer.verdict.status, KeyStatus::Unknown);
    EXPECT_EQ(answer.verdict.detail, "encoding");
    EXPECT_EQ(answer.attempts, 1);
    world.always(broken("gzip"));  // Damaged on its way.
    EXPECT_EQ(ask().attempts, 4);
}

TEST_F(Governed, gives_up_after_as_many_repetitions_as_are_configured) {
    world.limit("polygon").max_retries = 2;
    world.configure();
    world.always(FakeWorld::says(503, ""));
    EXPECT_EQ(ask().attempts, 3);
}

TEST_F(Governed, waits_at_least_as_long_as_the_provider_says) {
    world.answers({FakeWorld::says(429, "", {{"retry-after", "7"}}), FakeWorld::says(200, kPolygonData)});
    const Answer answer = ask();
    EXPECT_TRUE(answer.has_data());
    ASSERT_FALSE(world.slept.empty());
    EXPECT_GE(world.slept[0], 7s);
}

TEST_F(Governed, does_not_wait_when_the_deadline_would_pass) {
    world.always(FakeWorld::says(429, "", {{"retry-after", "7"}}));
    const Answer answer = ask({.source = Provider::Polygon, .path = "/x", .deadline = 5s});
    EXPECT_EQ(answer.verdict.status, KeyStatus::RateLimited);
    EXPECT_EQ(answer.attempts, 1);
    EXPECT_TRUE(world.slept.empty());
}

TEST_F(Governed, what_the_provider_said_last_stands_where_a_repetition_is_not_sent) {
    world.limit("polygon").requests_per_minute = 1;
    world.configure();
    world.always(FakeWorld::says(503, "come back"));
    const Answer answer = ask();  // Its repetition would have to wait longer than anybody does.
    EXPECT_EQ(answer.attempts, 1);
    EXPECT_EQ(answer.http_status, 503);
    EXPECT_EQ(answer.body, "come back");
    EXPECT_EQ(answer.verdict.status, KeyStatus::Unreachable) << answer.verdict.detail;
    EXPECT_EQ(world.slept.size(), 1U);
}

TEST_F(Governed, a_pause_that_the_provider_asks_for_holds_for_everybody) {
    world.limit("polygon").max_retries = 0;
    world.configure();
    world.answers({FakeWorld::says(429, "", {{"retry-after", "90"}}), FakeWorld::says(200, kPolygonData)});
    (void)ask();
    const Answer second = ask({.source = Provider::Polygon, .path = "/other", .deadline = 10s});
    EXPECT_EQ(second.attempts, 0);
    EXPECT_EQ(second.verdict.detail, "own_limit");
    world.timeline.advance(90s);
    EXPECT_TRUE(ask().has_data());
}

TEST_F(Governed, does_not_repeat_what_cannot_succeed) {
    const std::vector<std::pair<FakeWorld::Respond, KeyStatus>> hopeless{
        {FakeWorld::says(401, kPolygonUnknownKey), KeyStatus::Invalid},
        {FakeWorld::says(403,
                         R"({"status":"NOT_AUTHORIZED","message":"You are not entitled to this data."})"),
         KeyStatus::NotEntitled},
        {FakeWorld::says(400, R"({"status":"ERROR","error":"Could not parse the date."})"),
         KeyStatus::Unknown},
        {FakeWorld::says(404, R"({"status":"NOT_FOUND"})"), KeyStatus::Valid},
        {FakeWorld::says(200, "<html>captive portal</html>"), KeyStatus::Unknown},
        {FakeWorld::says(302, ""), KeyStatus::Unknown},
    };
    for (const auto& [respond, status] : hopeless) {
        FakeWorld fresh;
        fresh.always(respond);
        const Answer answer =
            fresh.state.source(Provider::Polygon).run({.source = Provider::Polygon, .path = "/x"});
        EXPECT_EQ(answer.verdict.status, status) << answer.verdict.reason;
        EXPECT_EQ(fresh.sent.size(), 1U) << answer.verdict.reason;
    }
}

TEST_F(Governed, never_repeats_what_writes) {
    world.always(FakeWorld::says(503, ""));
    const Answer answer = ask({.source = Provider::OpenAi, .path = "/chat/completions", .post = "{}"});
    EXPECT_EQ(answer.attempts, 1);
    EXPECT_EQ(world.sent[0].method, net::Method::Post);
}

TEST_F(Governed, gives_back_only_what_was_provably_not_sent) {
    world.limit("polygon").max_retries = 0;
    world.configure();
    world.always(FakeWorld::fails(net::Transport::Connect, true));
    EXPECT_EQ(ask().cost, 0);
    EXPECT_EQ(used(), 0);
    world.always(FakeWorld::fails(net::Transport::Timeout, false));
    EXPECT_EQ(ask().cost, 1);
    EXPECT_EQ(used(), 1);
}

TEST_F(Governed, refuses_at_once_what_its_own_limits_do_not_allow_in_time) {
    world.always(FakeWorld::says(200, R"({"Global Quote":{"05. price":"1"}})"));
    const Query query{.source = Provider::AlphaVantage, .path = "?function=GLOBAL_QUOTE", .deadline = 500ms};
    EXPECT_EQ(ask(query).attempts, 1);
    const Answer second = ask(query);
    EXPECT_EQ(second.attempts, 0);
    EXPECT_EQ(second.verdict.status, KeyStatus::RateLimited);
    EXPECT_EQ(second.verdict.detail, "own_limit");
    ASSERT_TRUE(second.verdict.wait);
    EXPECT_GT(*second.verdict.wait, 500ms);
    EXPECT_EQ(world.sent.size(), 1U);
}

TEST_F(Governed, a_source_that_is_down_is_left_alone_and_tried_again_with_one_request) {
    world.limit("polygon").max_retries = 0;
    world.limit("polygon").circuit_breaker_threshold = 3;
    world.limit("polygon").circuit_breaker_timeout = 60s;
    world.configure();
    world.always(FakeWorld::says(503, ""));
    for (int i = 0; i < 3; ++i) {
        (void)ask();
    }
    EXPECT_EQ(world.sent.size(), 3U);
    const Answer refused = ask();
    EXPECT_EQ(refused.verdict.detail, "breaker_open");
    EXPECT_EQ(world.sent.size(), 3U);
    EXPECT_EQ(used(), 3);  // What was not sent costs nothing.
    world.timeline.advance(60s);
    world.always(FakeWorld::says(200, kPolygonData));
    EXPECT_TRUE(ask().has_data());
    EXPECT_EQ(world.state.source(Provider::Polygon).breaker_state(), quota::BreakerState::Closed);
}

TEST_F(Governed, what_says_something_about_key_or_quota_never_opens_the_breaker) {
    world.limit("polygon").max_retries = 0;
    world.limit("polygon").circuit_breaker_threshold = 1;
    world.configure();
    world.always(FakeWorld::says(403, R"({"status":"NOT_AUTHORIZED","message":"You are not entitled."})"));
    for (int i = 0; i < 5; ++i) {
        (void)ask();
    }
    EXPECT_EQ(world.sent.size(), 5U);
}

TEST_F(Governed, a_refused_key_is_not_tried_again_before_its_verdict_can_be_confirmed) {
    world.always(FakeWorld::says(401, kPolygonUnknownKey));
    EXPECT_EQ(ask().verdict.status, KeyStatus::Invalid);
    EXPECT_EQ(ask().verdict.detail, "known");
    EXPECT_EQ(world.sent.size(), 1U);
    world.timeline.advance(30s);
    (void)ask();
    EXPECT_EQ(world.sent.size(), 2U);
    // A known bad key is tried every ten minutes all the same: providers are wrong, too.
    const std::string fingerprint = world.state.source(Provider::Polygon).configured()->fingerprint;
    world.state.source(Provider::Polygon).set_key_status(fingerprint, KeyStatus::Invalid, "unknown");
    world.timeline.advance(10min - 1s);
    (void)ask();
    EXPECT_EQ(world.sent.size(), 2U);
    world.timeline.advance(1s);
    world.always(FakeWorld::says(200, kPolygonData));
    EXPECT_TRUE(ask().has_data());
    EXPECT_TRUE(ask().has_data());
}

TEST_F(Governed, a_new_key_begins_with_a_clean_sheet_and_the_same_one_keeps_its_count) {
    world.always(FakeWorld::says(401, kPolygonUnknownKey));
    (void)ask();
    world.limit("polygon").requests_per_minute = 200;
    world.configure();
    EXPECT_EQ(used(), 1);
    EXPECT_EQ(ask().verdict.detail, "known");
    world.config().data_sources.polygon_api_key = Secret::plain("polygon-canary-2");
    world.configure();
    EXPECT_EQ(used(), 0);
    world.always(FakeWorld::says(200, kPolygonData));
    EXPECT_TRUE(ask().has_data());
}

TEST_F(Governed, t52_a_key_does_not_go_to_a_host_that_only_the_configuration_names) {
    world.config().data_sources.endpoints["polygon"] = "https://evil.example";
    world.configure();
    const Answer answer = ask();
    EXPECT_EQ(answer.verdict.detail, "refused_here");
    EXPECT_NE(answer.verdict.hint.find("--host evil.example"), std::string::npos) << answer.verdict.hint;
    EXPECT_TRUE(world.sent.empty());
    EXPECT_EQ(used(), 0);
    world.config().data_sources.polygon_api_key =
        Secret::resolved("SECURE:polygon_key", 1, "polygon-canary-1", {.hosts = {"evil.example"}});
    world.configure();
    (void)ask();
    ASSERT_EQ(world.sent.size(), 1U);  // Whoever stored the key has said so.
    EXPECT_EQ(world.sent[0].url, "https://evil.example/v1/x");
}

TEST_F(Governed, a_key_in_the_question_is_refused) {
    for (const Query& query :
         {Query{.source = Provider::Fred, .path = "/series", .parameters = {{"API_KEY", "x"}}},
          Query{.source = Provider::Fred, .path = "/series?a=b&api_key=x"},
          Query{.source = Provider::Fred, .path = "/series?api_key=x"},
          Query{.source = Provider::Fred, .path = "/series?a%70i_%6Bey=x"},
          Query{.source = Provider::Fred, .path = "/series?a=b;API_KEY=x"},
          Query{.source = Provider::Fred, .path = "/series?%61pi_key"}}) {
        EXPECT_EQ(ask(query).verdict.detail, "refused_here") << query.path;
        ASSERT_TRUE(world.sent.empty()) << query.path;
    }
    (void)ask({.source = Provider::Fred, .path = "/series?a=api_key;b=c%3Dapi_key%26api_key%3Dx"});
    EXPECT_EQ(world.sent.size(), 1U) << "these are values";
}

TEST_F(Governed, is_stopped_before_it_sends) {
    std::stop_source stop;
    stop.request_stop();
    const Answer answer = ask({.source = Provider::Polygon, .path = "/x", .stop = stop.get_token()});
    EXPECT_EQ(answer.verdict.detail, "cancelled");
    EXPECT_TRUE(world.sent.empty());
    EXPECT_EQ(used(), 0);
}

TEST_F(Governed, tells_how_far_it_has_come) {
    world.answers({FakeWorld::says(503, ""), FakeWorld::says(200, kPolygonData)});
    std::string steps;
    (void)ask({.source = Provider::Polygon, .path = "/x", .progress = [&](const Progress& progress) {
                   steps += std::to_string(static_cast<int>(progress.step)) + ":" +
                            std::to_string(progress.attempt) + " ";
               }});
    EXPECT_EQ(steps, "0:1 1:1 2:2 0:2 1:2 ");
}

TEST_F(Governed, no_answer_shows_a_key_even_if_the_provider_does) {
    world.always(FakeWorld::says(401, R"({"status":"ERROR","error":"Unknown API Key polygon-canary-1"})"));
    const Answer answer = ask();
    EXPECT_EQ(answer.verdict.reason.find("polygon-canary-1"), std::string::npos) << answer.verdict.reason;
}

TEST_F(Governed, a_deadline_without_end_is_no_overflow) {
    world.always(FakeWorld::says(200, kPolygonData));
    EXPECT_TRUE(ask({.source = Provider::Polygon, .path = "/x", .deadline = Duration::max()}).has_data());
    EXPECT_EQ(ask({.source = Provider::Polygon, .path = "/x", .deadline = Duration::min()}).verdict.detail,
              "deadline");
}

}  // namespace
}  // namespace quantconf::sources
