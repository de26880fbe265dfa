#include "schema/url.hpp"

#include <string>

#include <gtest/gtest.h>

namespace quantconf::schema {
namespace {

UrlError error_of(std::string_view text) {
    const auto url = parse_url(text);
    EXPECT_FALSE(url) << text;
    return url ? UrlError{255} : url.error();
}

TEST(Url, scheme_host_and_port_are_found) {
    const auto url = parse_url("https://api.polygon.io:8443/v2/aggs?limit=5&sort=asc#top").value();
    EXPECT_EQ(url.scheme, "https");
    EXPECT_EQ(url.host, "api.polygon.io");
    EXPECT_EQ(url.port, 8443);
    EXPECT_EQ(parse_url("http://localhost").value().port, 0);
    EXPECT_EQ(parse_url("http://[::1]:9090/metrics").value().host, "[::1]");
    EXPECT_EQ(parse_url("https://127.0.0.1?x").value().host, "127.0.0.1");
}

TEST(Url, everything_that_rfc_3986_allows_behind_the_host_is_fine) {
    EXPECT_TRUE(parse_url("https://a/b;c=1/~d/e%20f/(g)!$&'*+,=:@?h=/?i#j/k?l"));
}

TEST(Url, needs_a_scheme) {
    for (const auto* text : {"", "example.com", "//example.com", "://example.com", "1http://a", "ht tp://a",
                             "https:/a", "https:a", "mailto:a@b.c"}) {
        EXPECT_EQ(error_of(text), UrlError::Scheme) << text;
    }
}

TEST(Url, needs_a_host) {
    for (const auto* text :
         {"https://", "https:///path", "https://:80", "https://a..b", "https://-a", "https://[::1",
          "https://::1/", "https://a_b-", "https://1.2.3", "https://[127.0.0.1]"}) {
        EXPECT_EQ(error_of(text), UrlError::Host) << text;
    }
}

TEST(Url, ports_are_1_to_65535) {
    EXPECT_EQ(parse_url("https://a:1").value().port, 1);
    EXPECT_EQ(parse_url("https://a:65535").value().port, 65535);
    for (const auto* text : {"https://a:", "https://a:0", "https://a:65536", "https://a:x", "https://a:-1",
                             "https://a:+1", "https://a:80:80", "https://a:8 0"}) {
        EXPECT_EQ(error_of(text), UrlError::Port) << text;
    }
}

TEST(Url, spaces_and_control_characters_are_refused) {
    for (const auto* text :
         {"https://a b", "https://a/b c", "https://a/\n", "https://a/\x7f", "https://a/\"", "https://a/<x>",
          "https://a/{x}", "https://a/\\", "https://a/#b#c", "https://a/\xc3\xa9", "https://a/[1]"}) {
        EXPECT_EQ(error_of(text), UrlError::Character) << text;
    }
    EXPECT_EQ(error_of(std::string_view{"https://a/\0", 11}), UrlError::Character);
}

TEST(Url, escapes_have_two_hexadecimal_digits) {
    EXPECT_TRUE(parse_url("https://a/%7e%7E"));
    for (const auto* text : {"https://a/%", "https://a/%2", "https://a/%zz", "https://a/%2g"}) {
        EXPECT_EQ(error_of(text), UrlError::Escape) << text;
    }
}

TEST(Url, user_and_password_have_no_place_in_it) {
    for (const auto* text : {"https://user:pass@a", "https://token@a/x", "https://@a", "https://u:p@ss@a"}) {
        EXPECT_EQ(error_of(text), UrlError::Userinfo) << text;
    }
    EXPECT_TRUE(parse_url("https://a/@user"));
}

TEST(Url, has_a_longest_length) {
    const std::string start = "https://a/";
    const std::string longest = start + std::string(kUrlBytesMax - start.size(), 'x');
    EXPECT_TRUE(parse_url(longest));
    EXPECT_EQ(error_of(longest + "x"), UrlError::TooLong);
}

TEST(Url, credentials_are_suspected_also_in_a_broken_one) {
    EXPECT_TRUE(may_hold_credentials("postgres://u:pa/ss@host:99999/"));
    EXPECT_TRUE(may_hold_credentials("//u:p@h"));
    EXPECT_TRUE(may_hold_credentials("u:p@h"));
    EXPECT_FALSE(may_hold_credentials("h:5432"));
    EXPECT_FALSE(may_hold_credentials("https://example.com/x"));
    EXPECT_FALSE(may_hold_credentials("someone@example.com"));
}

}  // namespace
}  // namespace quantconf::schema
