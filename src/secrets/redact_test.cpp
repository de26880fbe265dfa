#include "secrets/redact.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/base64.hpp"

namespace quantconf::secrets {
namespace {

std::string redact(std::string_view secret, std::string_view text) {
    Redactor redactor;
    redactor.add(secret);
    return redactor.redacted(text);
}

TEST(Redactor, takes_out_a_secret_wherever_it_stands) {
    EXPECT_EQ(redact("canary-7f3a", "GET /x?q=canary-7f3a HTTP/1.1 canary-7f3a"),
              "GET /x?q=[redacted] HTTP/1.1 [redacted]");
    EXPECT_EQ(redact("canary-7f3a", "canary-7f3acanary-7f3a"), "[redacted][redacted]");
    EXPECT_EQ(redact("canary-7f3a", "nothing here"), "nothing here");
}

// t44: 0 hits in raw, base64, hex and url forms.
TEST(Redactor, t44_takes_out_every_form_of_a_secret) {
    const std::string secret = "can/ary+7 f\"3a";
    for (const std::string text : {"can/ary+7 f\"3a", "can%2Fary%2B7%20f%223a", "can%2fary%2b7+f%223a",
                                   "can%2Fary+7%20f\"3a", "can/ary+7 f\\\"3a", "%63%61n/ary+7 f\"3a"}) {
        EXPECT_EQ(redact(secret, "<" + text + ">"), "<[redacted]>") << text;
    }
    EXPECT_EQ(redact("canary-7f3a", "63616e6172792d37663361"), "[redacted]");
    EXPECT_EQ(redact("canary-7f3a", "63616E6172792D37663361"), "[redacted]");
}

TEST(Redactor, takes_out_base64_of_a_longer_text_around_the_secret) {
    const std::string secret = "canary-7f3a";
    for (std::size_t before = 0; before < 6; ++before) {
        for (std::size_t after = 0; after < 4; ++after) {
            const std::string longer = std::string(before, 'u') + secret + std::string(after, 'v');
            const std::string shown = redact(secret, base64_encoded(longer));
            EXPECT_TRUE(shown.contains(kRedacted)) << before << " " << after << " " << shown;
            // At most the letters that the neighbours share with it are left.
            EXPECT_LE(shown.size(), kRedacted.size() + before / 3 * 4 + after / 3 * 4 + 12) << shown;
        }
    }
    EXPECT_TRUE(redact(std::string{"\xfb\xff\xfe\xfb\xff\xfe"}, "-__--__-").contains(kRedacted));
}

TEST(Redactor, leaves_values_alone_that_are_too_short) {
    EXPECT_EQ(redact("abcde", "abcde"), "abcde");
    EXPECT_EQ(redact("abcdef", "abcdef"), "[redacted]");
}

TEST(Redactor, takes_out_parameters_by_name_also_of_unknown_secrets) {
    const Redactor redactor;
    EXPECT_EQ(redactor.redacted("https://a.example/v1?apiKey=abc&symbol=SPY"),
              "https://a.example/v1?apiKey=[redacted]&symbol=SPY");
    EXPECT_EQ(redactor.redacted("https://a.example/q?symbol=SPY&token=abc#top"),
              "https://a.example/q?symbol=SPY&token=[redacted]#top");
    EXPECT_EQ(redactor.redacted("appid=abc&api_key=def&x=1"), "appid=[redacted]&api_key=[redacted]&x=1");
    EXPECT_EQ(redactor.redacted("Authorization: Bearer abc def\r\nHost: a.example"),
              "Authorization: [redacted]\r\nHost: a.example");
    EXPECT_EQ(redactor.redacted(R"({"symbol": "SPY", "access_token": "a\"b,c", "n": 1})"),
              R"({"symbol": "SPY", "access_token": "[redacted]", "n": 1})");
    EXPECT_EQ(redactor.redacted(R"({"password":12345,"n":1})"), R"({"password":[redacted],"n":1})");
    EXPECT_EQ(redactor.redacted("postgres://bot:hush@db.example/prices"),
              "postgres://bot:[redacted]@db.example/prices");
    EXPECT_EQ(redactor.redacted("redis://:hush@cache.example"), "redis://:[redacted]@cache.example");
}

TEST(Redactor, by_value_alone_leaves_what_only_sounds_like_a_secret) {
    Redactor redactor;
    redactor.add("hush-hush-hush");
    EXPECT_EQ(redactor.without_values(R"({"token": "next-page", "you": "hush-hush-hush", "code": 400})"),
              R"({"token": "next-page", "you": "[redacted]", "code": 400})");
    EXPECT_EQ(redactor.without_values("aHVzaC1odXNoLWh1c2g="), "[redacted]g=");
    EXPECT_EQ(redactor.without_values("a=1&token=%68ush-hush-hush"), "a=1&token=[redacted]");
}

TEST(Redactor, leaves_ordinary_texts_as_they_are) {
    const Redactor redactor;
    for (const std::string_view text :
         {"", "https://a.example/v1/marketstatus/now", "symbol=SPY&interval=5min", "keyboard: yes", "a = b",
          "100% of nothing", "%", "%4", "key", "token="}) {
        EXPECT_EQ(redactor.redacted(text), text);
    }
}

}  // namespace
}  // namespace quantconf::secrets
