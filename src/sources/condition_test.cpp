#include "sources/condition.hpp"

#include <gtest/gtest.h>

#include "support/source_answers.hpp"

namespace quantconf::sources::test {
namespace {

/// Whether `condition` (as in the catalogue) holds for an answer of FRED's.
bool holds_for(std::string_view condition, const net::Response& answer, const Asked& asked = {}) {
    const auto catalogue = Catalogue::with_overrides(
        "sources: {fred: {rules: [{name: x, when: " + std::string{condition} + ", status: valid}]}}", "test");
    EXPECT_TRUE(catalogue.has_value()) << condition << to_text(catalogue.error().front());
    const Source& fred = catalogue->at(quantbot::Provider::Fred);
    return holds(fred.rules.front().when, see(fred, asked, answer));
}

net::Response answer(std::string body, int status = 200) {
    return {.status = status, .body = std::move(body)};
}

TEST(Condition, nothing_said_holds_for_everything) {
    EXPECT_TRUE(holds_for("{}", answer("")));
}

TEST(Condition, all_that_is_said_must_hold) {
    EXPECT_TRUE(holds_for("{statuses: [200], has: [a]}", answer(R"({"a":1})")));
    EXPECT_FALSE(holds_for("{statuses: [200], has: [b]}", answer(R"({"a":1})")));
    EXPECT_FALSE(holds_for("{statuses: [201], has: [a]}", answer(R"({"a":1})")));
}

TEST(Condition, the_status_of_the_body_beats_that_of_http_where_it_is_an_error) {
    EXPECT_TRUE(holds_for("{statuses: [429]}", answer(R"({"error_code":429})", 200)));
    EXPECT_TRUE(holds_for("{statuses: [429]}", answer(R"({"error_code":"429"})", 400)));
    EXPECT_TRUE(holds_for("{statuses: [401]}", answer(R"({"error_code":200})", 401)));
    EXPECT_TRUE(holds_for("{statuses: [503]}", answer(R"({"error_code":400})", 503)));
    EXPECT_TRUE(holds_for("{statuses: [200]}", answer(R"({"error_code":600})", 200)));
    EXPECT_TRUE(holds_for("{statuses: [200]}", answer(R"({"error_code":"4e2"})", 200)));
}

TEST(Condition, the_status_of_the_body_counts_only_where_the_provider_speaks) {
    for (const int status : {201, 299, 400, 406, 408, 499}) {
        EXPECT_TRUE(holds_for("{statuses: [401]}", answer(R"({"error_code":401})", status))) << status;
    }
    for (const int status : {100, 300, 302, 399, 407, 500, 511, 599}) {
        EXPECT_FALSE(holds_for("{statuses: [401]}", answer(R"({"error_code":401})", status))) << status;
    }
}

TEST(Condition, texts_are_patterns_of_the_words) {
    const net::Response said =
        answer(R"({"message":"You\u2019ve  exceeded 25 requests/day.","data":"banana"})");
    EXPECT_TRUE(holds_for("{texts: [nothing, 'youve exceeded \\d+ requests day']}", said));
    EXPECT_FALSE(holds_for("{texts: [banana]}", said));
    EXPECT_TRUE(holds_for("{all_texts: [exceeded, day]}", said));
    EXPECT_FALSE(holds_for("{all_texts: [exceeded, banana]}", said));
    EXPECT_TRUE(holds_for("{texts: [exceeded], unless_texts: [banana, apple]}", said));
    EXPECT_FALSE(holds_for("{texts: [exceeded], unless_texts: [banana, day]}", said));
    EXPECT_FALSE(holds_for("{texts: [banana]}", answer("<html>banana</html>")));
    EXPECT_TRUE(holds_for("{texts: [banana]}", answer("Banana")));
}

TEST(Condition, raw_looks_at_the_whole_body) {
    EXPECT_TRUE(holds_for("{raw: [BANANA]}", answer("<html>banana</html>")));
    EXPECT_TRUE(holds_for("{raw: [banana]}", answer(R"({"data":["Banana"]})")));
    EXPECT_TRUE(holds_for("{raw: [banana]}", answer(std::string(kRawBytesMax - 6, ' ') + "banana")));
    EXPECT_FALSE(holds_for("{raw: [banana]}", answer(std::string(kRawBytesMax - 5, ' ') + "banana")));
}

TEST(Condition, a_field_is_there_or_is_one_of) {
    const net::Response said = answer(R"({"Error":{"Code":"apiKeyBad","n":null,"x":7}})");
    EXPECT_TRUE(holds_for("{field: error.code}", said));
    EXPECT_TRUE(holds_for("{field: Error.Code, equals: [other, APIKEYBAD]}", said));
    EXPECT_TRUE(holds_for("{field: error.code, equals: ['apiKey*']}", said));
    EXPECT_FALSE(holds_for("{field: error.code, equals: [apiKey]}", said));
    EXPECT_TRUE(holds_for("{field: error.x, equals: ['7']}", said));
    EXPECT_FALSE(holds_for("{field: error.n}", said));
    EXPECT_FALSE(holds_for("{field: error.m}", said));
}

TEST(Condition, members_are_there_or_lacking) {
    const net::Response said = answer(R"({"Time Series":{},"error":null})");
    EXPECT_TRUE(holds_for("{has: [nothing, 'time series*'], lacks: [error]}", said));
    EXPECT_FALSE(holds_for("{lacks: ['time*']}", said));
    EXPECT_TRUE(holds_for("{has: [b]}", answer(R"([{"a":1},{"b":2}])")));
    EXPECT_TRUE(holds_for("{has: [seriess]}", answer("<seriess/>")));
}

TEST(Condition, kinds_are_those_of_the_body) {
    EXPECT_TRUE(holds_for("{kinds: [array, empty_object]}", answer("{ }")));
    EXPECT_TRUE(holds_for("{kinds: [object]}", answer("{}")));
    EXPECT_FALSE(holds_for("{kinds: [empty_object]}", answer(R"({"a":null})")));
    EXPECT_TRUE(holds_for("{kinds: [empty_array]}", answer("[]")));
    EXPECT_TRUE(holds_for("{kinds: [broken]}", answer("{")));
}

TEST(Condition, headers_are_there_or_contain) {
    net::Response said = answer("");
    said.headers = {{"www-authenticate", "Bearer error=\"Invalid_Token\""}};
    EXPECT_TRUE(holds_for("{header: WWW-Authenticate}", said));
    EXPECT_TRUE(holds_for("{header: www-authenticate, header_has: [x, invalid_token]}", said));
    EXPECT_FALSE(holds_for("{header: www-authenticate, header_has: [x]}", said));
    EXPECT_FALSE(holds_for("{header: other}", said));
}

TEST(Condition, the_request_counts) {
    EXPECT_TRUE(holds_for("{url_has: /V2/}", answer(""), {.path = "/fred/v2/x"}));
    EXPECT_FALSE(holds_for("{url_has: /v2/}", answer(""), {.path = "/fred/x"}));
    EXPECT_TRUE(holds_for("{is_token_request: false}", answer("")));
    EXPECT_FALSE(holds_for("{is_token_request: true}", answer("")));
    EXPECT_TRUE(holds_for("{younger_than: 2h}", answer(""), {.key_age = std::chrono::minutes{119}}));
    EXPECT_FALSE(holds_for("{younger_than: 2h}", answer(""), {.key_age = std::chrono::hours{2}}));
    EXPECT_FALSE(holds_for("{younger_than: 2h}", answer("")));
}

TEST(Condition, words_are_compared_in_one_form) {
    EXPECT_EQ(normalised("  You\xE2\x80\x99ve EXCEEDED 25-requests/day!! "),
              "youve exceeded 25 requests day");
    EXPECT_EQ(normalised("don't api_key"), "dont api key");
    EXPECT_EQ(normalised("\xFF\xC3\xA9"), "");
}

}  // namespace
}  // namespace quantconf::sources::test
