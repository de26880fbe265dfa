// OAuth2: tokens are asked for, renewed, and never shown.

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sources/client_testing.hpp"

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

class GovernedByToken : public ::testing::Test {
protected:
    Answer ask(Query query = {.source = Provider::Reddit, .path = "/r/stocks/new"}) {
        return world.state.source(query.source).run(query);
    }

    FakeWorld world;
};

TEST_F(GovernedByToken, asks_for_a_token_once_and_renews_it_silently_when_it_is_refused) {
    const auto token = FakeWorld::says(
        200, R"({"access_token":"token-1","token_type":"bearer","expires_in":3600,"scope":"*"})");
    const auto data = FakeWorld::says(200, R"({"kind":"Listing","data":{}})");
    const auto refused =
        FakeWorld::says(401, R"({"message":"Unauthorized","error":401})",
                        {{"www-authenticate", R"(Bearer realm="reddit", error="invalid_token")"}});
    world.answers({token, data, data, refused, token, data});
    const Query query{.source = Provider::Reddit, .path = "/r/stocks/new"};
    EXPECT_TRUE(ask(query).has_data());
    EXPECT_TRUE(ask(query).has_data());
    EXPECT_EQ(world.sent.size(), 3U);
    const Answer renewed = ask(query);
    EXPECT_TRUE(renewed.has_data()) << renewed.verdict.reason;
    EXPECT_EQ(world.sent.size(), 6U);
    EXPECT_FALSE(world.sent[0].basic.user.empty());
    EXPECT_EQ(world.sent[0].body, "grant_type=client_credentials");
    EXPECT_EQ(
        std::ranges::count(world.verdicts, KeyStatus::Expired, &std::pair<std::string, KeyStatus>::second),
        0);
}

TEST_F(GovernedByToken, half_a_key_is_none) {
    world.config().data_sources.reddit_client_secret = {};
    world.configure();
    const Answer answer = ask();
    EXPECT_EQ(answer.verdict.detail, "not_configured");
    EXPECT_EQ(answer.verdict.reason, "data_sources.reddit_client_secret is not set");
    EXPECT_TRUE(world.sent.empty());
    EXPECT_EQ(world.state.report(Provider::Reddit).detail, "not_configured");
}

TEST_F(GovernedByToken, a_second_refusal_of_a_token_is_the_answer) {
    const auto token =
        FakeWorld::says(200, R"({"access_token":"token-1","token_type":"bearer","expires_in":3600})");
    const auto refused =
        FakeWorld::says(401, R"({"message":"Unauthorized","error":401})",
                        {{"www-authenticate", R"(Bearer realm="reddit", error="invalid_token")"}});
    world.answers({token, refused, token, refused});
    const Answer answer = ask({.source = Provider::Reddit, .path = "/r/stocks/new"});
    EXPECT_EQ(answer.verdict.detail, "token_expired");
    EXPECT_EQ(world.sent.size(), 4U);
}

/// Nobody but us knows the token, so whoever writes an answer down could not take it out.
TEST_F(GovernedByToken, no_answer_shows_a_token_even_if_the_provider_does) {
    const std::string words = "you came with correct-horse-battery-staple, grant";
    const auto echo = [&](int status, std::vector<net::Header> headers = {}) {
        headers.push_back({.name = "content-type", .value = "text/correct-horse-battery-staple"});
        return FakeWorld::Respond{[=](const net::Request&) {
            return net::Response{
                .status = status, .headers = headers, .body = R"({"message":")" + words + R"(","error":1})"};
        }};
    };
    const auto token = FakeWorld::says(
        200, R"({"access_token":"correct-horse-battery-staple","token_type":"bearer","expires_in":3600})");
    for (const auto& respond : {echo(200), echo(403), echo(429, {{"retry-after", "100"}})}) {
        FakeWorld fresh;
        fresh.limit("reddit").max_retries = 0;
        fresh.configure();
        fresh.answers({token, respond});
        const Answer answer =
            fresh.state.source(Provider::Reddit).run({.source = Provider::Reddit, .path = "/r/stocks/new"});
        EXPECT_EQ(fresh.sent.size(), 2U);
        for (const std::string& shown : {answer.body, answer.content_type, answer.verdict.reason,
                                         answer.verdict.hint, fresh.state.report(Provider::Reddit).why_not}) {
            EXPECT_EQ(shown.find("battery"), std::string::npos) << shown;
        }
        EXPECT_NE(answer.body.find("you came with [redacted], grant"), std::string::npos) << answer.body;
    }
}

TEST_F(GovernedByToken, a_refused_request_for_a_token_shows_neither_its_header_nor_the_token) {
    world.config().data_sources.reddit_client_id =
        Secret::plain("abcd");  // Too short to be looked for alone.
    world.config().data_sources.reddit_client_secret = Secret::plain("efgh");
    world.limit("reddit").max_retries = 0;
    world.configure();
    world.always(FakeWorld::says(
        403, R"({"message":"Basic YWJjZDplZmdo, have correct-horse","access_token":"correct-horse"})"));
    const Answer answer = ask({.source = Provider::Reddit, .path = "/r/stocks/new"});
    EXPECT_EQ(answer.verdict.reason.find("YWJjZDplZmdo"), std::string::npos) << answer.verdict.reason;
    EXPECT_EQ(answer.verdict.reason.find("correct-horse"), std::string::npos) << answer.verdict.reason;
    EXPECT_FALSE(answer.verdict.reason.empty());
}

}  // namespace
}  // namespace quantconf::sources
