#include "secrets/redact.hpp"

#include <chrono>
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

std::string each_byte(std::string_view text, std::string_view before, int base, std::string_view after) {
    std::string result;
    for (const char c : text) {
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        result += before;
        result += base == 10 ? std::to_string(byte) : std::string{kDigits[byte / 16], kDigits[byte % 16]};
        result += after;
    }
    return result;
}

TEST(Redactor, escapes_hide_no_secret_once_or_twice) {
    const std::string secret = "Key+/=a\"b%20c&d<e>01";
    for (const std::string text :
         {R"(Key+\/=a\"b%20c&d<e>01)", R"(Key\u002b\/\u003D\u0061\"b%20c&d<e>01)",
          R"(Key\\u002b\\/=a\\\"b%20c&d<e>01)", R"(Key%2B%2F%3Da%22b%2520c%26d%3Ce%3E01)",
          R"(Key%252B%252F%253Da%2522b%252520c%2526d%253Ce%253E01)", R"(Key+/=a&quot;b%20c&amp;d&lt;e&gt;01)",
          R"(Key&#43;&#x2f;&#X3D;a&#34;b%20c&d<e>01)", R"(Key\x2b/=a"b%20c&d<e>01)",
          R"(Key&plus;&sol;&equals;a&quot;b%20c&d<e>01)"}) {
        EXPECT_EQ(redact(secret, "<" + text + ">"), "<[redacted]>") << text;
    }
    EXPECT_EQ(redact(secret, each_byte(secret, "\\u00", 16, "")), "[redacted]");
    EXPECT_EQ(redact(secret, each_byte(secret, "%", 16, "")), "[redacted]");
    EXPECT_EQ(redact(secret, each_byte(secret, "%25", 16, "")), "[redacted]");
    EXPECT_EQ(redact(secret, each_byte(secret, "&#x", 16, ";")), "[redacted]");
    EXPECT_EQ(redact(secret, each_byte(secret, "&#", 10, ";")), "[redacted]");
    EXPECT_EQ(redact("na\xC3\xAFve-\xF0\x9F\x94\x91", R"(na\u00efve-\ud83d\udd11)"), "[redacted]");
}

TEST(Redactor, what_breaks_a_secret_apart_hides_it_not) {
    const std::string secret = "canary-7f3a-9b2c";
    for (const std::string between : {" ", "\n", "\r\n\t", "\\n", "\\u0000", "\xE2\x80\x8B", "\\u200b",
                                      "&#8203;", "\xC2\xAD", "\xEF\xBB\xBF", "%0a", "\xE2\x81\xA0"}) {
        EXPECT_EQ(redact(secret, "<canary-" + between + "7f3a-9b2c>"), "<[redacted]>") << between;
    }
    const std::string base64 = base64_encoded(secret);
    EXPECT_EQ(redact(secret, base64.substr(0, 7) + "\r\n" + base64.substr(7)),
              "[redacted]" + base64.substr(21));
    EXPECT_EQ(redact(secret, base64.substr(0, 7) + "\\n" + base64.substr(7)),
              "[redacted]" + base64.substr(21));
    std::string wide;
    for (const char c : secret) {
        wide += {c, '\0'};
    }
    EXPECT_EQ(redact(secret, wide), (std::string{"[redacted]\0", 11}));
    EXPECT_EQ(redact("canary%20c&d-7f3a", "<canary%20c&d\n-7f3a>"), "<[redacted]>");
    EXPECT_EQ(redact("12345678901", "1234 5678901"), "1234 5678901");
    EXPECT_EQ(redact("123456789012", "1234 56789012"), "[redacted]");
    EXPECT_EQ(redact("two words 7f3a", "two words 7f3a twowords7f3a two+words+7f3a"),
              "[redacted] [redacted] [redacted]");
}

TEST(Redactor, hexadecimal_may_have_anything_between_its_bytes) {
    for (const std::string text :
         {"6361 6e61 7279", "63 61 6E 61 72 79", "63:61:6e:61:72:79", "63-61-6e-61-72-79",
          "0x63, 0x61, 0x6E, 0x61, 0x72, 0x79", "\\x63\\x61\\x6e\\x61\\x72\\x79", "63616E617279"}) {
        EXPECT_TRUE(redact("canary", "<" + text + ">").starts_with("<")) << text;
        EXPECT_EQ(redact("canary", "<" + text + ">").find_first_of("6379"), std::string::npos) << text;
    }
}

TEST(Redactor, a_secret_that_repeats_itself_is_taken_out_whole) {
    EXPECT_EQ(redact("ababab", "xabababababx"), "x[redacted]x");
    Redactor redactor;
    redactor.add("a-long-secret");
    redactor.add("secret");
    redactor.add("a-long");
    EXPECT_EQ(redactor.redacted("a-long-secret, secret, a-long"), "[redacted], [redacted], [redacted]");
}

TEST(Redactor, large_texts_of_any_shape_take_little_time) {
    Redactor redactor;
    redactor.add("aaaaaaaaaaaaaaab");
    redactor.add("canary-7f3a-9b2c%41");
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string_view unit : {"a", "%41", "\\", "\\u0041", "&", "&#65;", " ", "%25", "\xE2\x80\x8B",
                                        "0x", "canary-7f3a-9b2c%41"}) {
        std::string text;
        while (text.size() < 4U * 1024 * 1024) {
            text += unit;
        }
        EXPECT_FALSE(redactor.without_values(text).contains("canary")) << unit;
    }
    // Two seconds here; quadratic time would be hours.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes{2});
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
