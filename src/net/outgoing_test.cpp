#include "net/outgoing.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "net/limits.hpp"

namespace quantconf::net {
namespace {

const Url kUrl{.scheme = "https", .host = "api.example", .port = 443, .target = "/v1?x=1"};

std::string_view without_end(const crypto::SecretBytes& bytes) {
    return bytes.view().substr(0, bytes.size() - 1);
}

std::string problem_with(Request request) {
    const auto outgoing = put_together(request, kUrl);
    return outgoing ? "" : outgoing.error();
}

TEST(Outgoing, parameters_are_encoded_behind_the_query) {
    const Request request{.secret_parameters = {{.name = "api key", .secret = Secret::plain("a&b=c/+ \n")},
                                                {.name = "t", .before = "v ", .secret = Secret::plain("k")}}};

    auto outgoing = put_together(request, kUrl);
    EXPECT_EQ(without_end(outgoing->url),
              "https://api.example/v1?x=1&api%20key=a%26b%3Dc%2F%2B%20%0A&t=v%20k");

    Url url = kUrl;
    url.target = "/v1";
    outgoing = put_together(request, url);
    EXPECT_TRUE(without_end(outgoing->url).starts_with("https://api.example/v1?api%20key="));
}

TEST(Outgoing, header_lines_are_put_together_with_their_secrets) {
    const auto outgoing = put_together(
        {.headers = {{"accept", "application/json"}, {"x-empty", ""}},
         .secret_headers = {{.name = "Authorization", .before = "Bearer ", .secret = Secret::plain("key")}},
         .basic = {.user = Secret::plain("Aladdin"), .password = Secret::plain("open sesame")}},
        kUrl);

    EXPECT_EQ(outgoing->lines, (std::vector<std::string>{"accept: application/json", "x-empty;"}));
    ASSERT_EQ(outgoing->secret_lines.size(), 2U);
    EXPECT_EQ(without_end(outgoing->secret_lines[0]), "Authorization: Bearer key");
    EXPECT_EQ(without_end(outgoing->secret_lines[1]), "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST(Outgoing, a_password_may_be_missing) {
    const auto outgoing = put_together({.basic = {.user = Secret::plain("key")}}, kUrl);
    EXPECT_EQ(without_end(outgoing->secret_lines.at(0)), "Authorization: Basic a2V5Og==");
}

TEST(Outgoing, what_would_break_out_of_a_header_is_refused_without_its_text) {
    EXPECT_EQ(problem_with({.headers = {{"x", "a\r\nHost: evil"}}}),
              "the header x has a line break or another control character");
    EXPECT_EQ(problem_with({.headers = {{"x", std::string{"a\0b", 3}}}}),
              "the header x has a line break or another control character");
    EXPECT_EQ(problem_with({.headers = {{"x: y", "a"}}}), "a header has a name that is none");
    EXPECT_EQ(problem_with({.headers = {{"", "a"}}}), "a header has a name that is none");
    EXPECT_EQ(problem_with({.secret_headers = {{.name = "x", .secret = Secret::plain("Zq9-canary\n")}}}),
              "the secret for the header x has a line break or another control character");
    EXPECT_EQ(problem_with({.secret_headers = {{.name = "x", .before = "\n", .secret = Secret::plain("k")}}}),
              "the secret for the header x has a line break or another control character");
    EXPECT_EQ(problem_with({.headers = {{"x", "tab\tis \xc3\xa4 fine"}}}), "");
}

TEST(Outgoing, the_headers_of_http_itself_are_not_for_callers) {
    for (const char* name : {"Host", "content-length", "Transfer-Encoding", "EXPECT", "connection"}) {
        EXPECT_NE(problem_with({.headers = {{name, "a"}}}), "") << name;
        EXPECT_NE(problem_with({.secret_headers = {{.name = name, .secret = Secret::plain("k")}}}), "")
            << name;
    }
}

TEST(Outgoing, a_secret_without_text_is_not_sent_as_an_empty_one) {
    const Secret unresolved = Secret::reference("SECURE:polygon_key");
    const Secret none;
    for (const Secret& secret : {unresolved, none}) {
        EXPECT_EQ(problem_with({.secret_headers = {{.name = "x", .secret = secret}}}),
                  "the secret for the header x has no text");
        EXPECT_EQ(problem_with({.secret_parameters = {{.name = "x", .secret = secret}}}),
                  "the secret for the parameter x has no text");
    }
    EXPECT_EQ(problem_with({.basic = {.user = unresolved}}), "the user has no text");
    EXPECT_EQ(problem_with({.basic = {.user = Secret::plain("u"), .password = unresolved}}),
              "the password has no text");
    EXPECT_EQ(problem_with({.basic = {.user = Secret::plain("a:b")}}),
              "a user with a colon cannot be sent (Basic)");
}

TEST(Outgoing, a_get_has_no_body) {
    EXPECT_EQ(problem_with({.body = "x"}), "a GET has no body");
    EXPECT_EQ(problem_with({.method = Method::Post, .body = "x"}), "");
}

TEST(Outgoing, has_so_many_headers_of_so_many_bytes_and_no_more) {
    Request request;
    request.headers.resize(kRequestHeaders - 1, {"x", "y"});
    request.secret_headers.push_back({.name = "k", .secret = Secret::plain("k")});
    EXPECT_EQ(problem_with(request), "");
    request.headers.push_back({"x", "y"});
    EXPECT_NE(problem_with(request), "");

    EXPECT_EQ(problem_with({.headers = {{"x", std::string(kRequestHeaderBytes - 1, 'y')}}}), "");
    EXPECT_NE(problem_with({.headers = {{"x", std::string(kRequestHeaderBytes, 'y')}}}), "");
}

TEST(Outgoing, the_redactor_knows_every_secret) {
    const auto redactor = redactor_for(
        {.secret_headers = {{.name = "h", .secret = Secret::plain("header-canary")}},
         .secret_parameters = {{.name = "p", .secret = Secret::plain("parameter/canary")}},
         .basic = {.user = Secret::plain("user-canary"), .password = Secret::plain("pass-canary")}});

    const std::string shown =
        redactor.redacted("header-canary parameter%2Fcanary user-canary pass-canary cGFzcy1jYW5hcnk=");

    EXPECT_FALSE(shown.contains("canary") || shown.contains("cGFzc")) << shown;
}

}  // namespace
}  // namespace quantconf::net
