#include "net/url.hpp"

#include <string>

#include <gtest/gtest.h>

namespace quantconf::net {
namespace {

std::string normal(std::string_view text) {
    const auto url = parse_url(text);
    return url ? to_text(*url) : "refused: " + url.error();
}

TEST(Url, has_parts) {
    EXPECT_EQ(
        parse_url("https://api.polygon.io/v3/quotes?limit=1&x=%20"),
        (Url{
            .scheme = "https", .host = "api.polygon.io", .port = 443, .target = "/v3/quotes?limit=1&x=%20"}));
    EXPECT_EQ(parse_url("HTTP://LocalHost:8080"),
              (Url{.scheme = "http", .host = "localhost", .port = 8080, .target = "/"}));
    EXPECT_EQ(parse_url("http://[0:0::1]:1?q"),
              (Url{.scheme = "http", .host = "::1", .port = 1, .target = "/?q"}));
}

TEST(Url, has_one_spelling) {
    EXPECT_EQ(normal("https://Example.COM:443"), "https://example.com/");
    EXPECT_EQ(normal("http://example.com:443/"), "http://example.com:443/");
    EXPECT_EQ(normal("https://[2001:DB8:0:0::1]:65535/a//b"), "https://[2001:db8::1]:65535/a//b");
    EXPECT_EQ(normal("https://10.0.0.1/...?../.."), "https://10.0.0.1/...?../..");
}

TEST(Url, a_name_may_have_digits) {
    EXPECT_EQ(normal("https://3proxy:3128/"), "https://3proxy:3128/");
    EXPECT_EQ(normal("https://1.a.2b/"), "https://1.a.2b/");
}

TEST(Url, what_has_two_meanings_is_refused) {
    for (const char* text : {
             "",
             "api.polygon.io",
             "//api.polygon.io/",
             "ftp://a/",
             "file:///etc/passwd",
             "https:/a",
             "https://",
             "https:///path",
             "https://?q",
             "https://user@a/",
             "https://user:password@a/",
             "https://a@b@c/",
             "https://a\\b/",
             "https://a/b c",
             "https://a/\n",
             "https://a/\x7f",
             "https://\xc3\xa4.de/",
             "https://a/\xc3\xa4",
             "https://a/#x",
             "https://a#x",
             "https://a/%",
             "https://a/%2",
             "https://a/%2g",
             "https://a/.",
             "https://a/../b",
             "https://a/b/%2e%2E",
             "https://a/b/.%2e/c",
             "https://a/..%2f..%2fx",
             "https://a/b%2F..",
             "https://a/..%5Cx",
             "https://a/..;/x",
             "https://a:/",
             "https://a:0/",
             "https://a:65536/",
             "https://a:+80/",
             "https://a:80a/",
             "https://a:80:80/",
             "https://.a/",
             "https://a..b/",
             "https://a./",
             "https://./",
             "https://a%2eb/",
             "https://a!b/",
             "https://127.1/",
             "https://127.0.0.1./",
             "https://0127.0.0.1/",
             "https://127.0.0.010/",
             "https://0x7f.0.0.1/",
             "https://2130706433/",
             "https://0x/",
             "https://a.0X7f/",
             "https://1.2.3.256/",
             "https://1.2.3.4.5/",
             "https://[::1/",
             "https://[]/",
             "https://[::1]x/",
             "https://[fe80::1%25eth0]/",
             "https://[127.0.0.1]/",
             "https://[::1%00]/",
         }) {
        EXPECT_FALSE(parse_url(text)) << text;
    }
    EXPECT_FALSE(parse_url(std::string_view{"https://a/\0b", 12}));
}

TEST(Url, is_refused_in_words_without_its_text) {
    EXPECT_EQ(normal("https://me:Zq9-canary@a/"),
              "refused: a URL with a user or a password in it is refused");
    EXPECT_EQ(normal("gopher://Zq9-canary/"), "refused: the URL begins with neither https:// nor http://");
}

TEST(Url, has_a_longest_length) {
    const std::string start = "https://a/";
    EXPECT_TRUE(parse_url(start + std::string(kUrlBytes - start.size(), 'x')));
    EXPECT_FALSE(parse_url(start + std::string(kUrlBytes - start.size() + 1, 'x')));
}

TEST(Url, has_a_longest_host) {
    const std::string label = std::string(63, 'a');
    EXPECT_TRUE(parse_url("https://" + label + "/"));
    EXPECT_FALSE(parse_url("https://" + label + "a/"));
    const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
    EXPECT_TRUE(parse_url("https://" + longest + "/"));
    EXPECT_FALSE(parse_url("https://" + longest + "a/"));
}

std::string joined(std::string_view base, std::string_view path) {
    const auto url = join_url(base, path);
    return url ? to_text(*url) : "refused: " + url.error();
}

TEST(JoinUrl, there_is_one_slash_between_base_and_path) {
    for (const char* base : {"https://h/a", "https://h/a/", "https://h/a//"}) {
        EXPECT_EQ(joined(base, "/b?c=1"), "https://h/a/b?c=1") << base;
        EXPECT_EQ(joined(base, "b?c=1"), "https://h/a/b?c=1") << base;
    }
    EXPECT_EQ(joined("https://h", "/b"), "https://h/b");
    EXPECT_EQ(joined("https://h", ""), "https://h/");
    EXPECT_EQ(joined("https://h", "?c"), "https://h/?c");
    EXPECT_EQ(joined("https://h/a", "?c"), "https://h/a?c");  // A query to the page of the base itself.
    EXPECT_EQ(joined("https://h/a/", "?c"), "https://h/a?c");
}

TEST(JoinUrl, a_path_never_leads_away_from_the_base) {
    EXPECT_EQ(joined("https://h", "https://evil.example/"), "https://h/https://evil.example/");
    EXPECT_EQ(joined("https://h", "//evil.example/"), "https://h//evil.example/");
    EXPECT_EQ(joined("https://h", "@evil.example/"), "https://h/@evil.example/");
    EXPECT_EQ(joined("https://h", ":80/"), "https://h/:80/");
    EXPECT_TRUE(joined("https://h/a", "/../b").starts_with("refused"));
    EXPECT_TRUE(joined("https://h/a", "/%2e%2e/b").starts_with("refused"));
    EXPECT_TRUE(joined("https://h/a", "/b\r\nHost: evil").starts_with("refused"));
    EXPECT_TRUE(joined("https://h/a?q=1", "/b").starts_with("refused"));
}

TEST(PercentEncoded, everything_but_letters_digits_and_four_marks) {
    EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encoded(" &=?/#%+"), "%20%26%3D%3F%2F%23%25%2B");
    EXPECT_EQ(percent_encoded(std::string_view{"\0\xff\n", 3}), "%00%FF%0A");
}

TEST(IsLoopback, knows_this_machine_and_nothing_else) {
    for (const char* host : {"localhost", "127.0.0.1", "127.255.255.254", "::1"}) {
        EXPECT_TRUE(is_loopback(host)) << host;
    }
    for (const char* host :
         {"", "localhost.", "a.localhost", "localhost.evil.example", "127.0.0.1.evil.example", "128.0.0.1",
          "127.1", "127.0.0.256", "0127.0.0.1", "127.0.0.010", "0.0.0.0", "::", "::2", "::ffff:127.0.0.1"}) {
        EXPECT_FALSE(is_loopback(host)) << host;
    }
}

}  // namespace
}  // namespace quantconf::net
