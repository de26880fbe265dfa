#include "sources/classify.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "support/source_answers.hpp"

namespace quantconf::sources::test {
namespace {

class Answers : public testing::TestWithParam<Case> {};

TEST_P(Answers, is_read_for_what_it_is) {
    const Verdict verdict = classified(GetParam());

    EXPECT_EQ(name_of_status(verdict.status), name_of_status(GetParam().expected))
        << verdict.detail << ": " << verdict.reason;
    if (GetParam().detail) {
        EXPECT_EQ(verdict.detail, *GetParam().detail);
    }
    if (GetParam().wait) {
        EXPECT_EQ(verdict.wait, GetParam().wait);
    }
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
    return info.param.provider + "_" + info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Recorded, Answers, testing::ValuesIn(cases_of("fixtures.json")), test_name);
INSTANTIATE_TEST_SUITE_P(Other, Answers, testing::ValuesIn(cases_of("cases.json")), test_name);

constexpr std::string_view kCanary = "canary-7Kq2Zx9";

Verdict answered(std::string_view provider, const net::Response& answer,
                 const secrets::Redactor& redactor = {}) {
    const ManualClock clock{kNow};
    const Catalogue& catalogue = Catalogue::built_in();
    return classify(catalogue, source_named(catalogue, provider), {}, answer, redactor, clock);
}

TEST(Classify, an_answer_that_did_not_come_whole_says_nothing_about_the_key) {
    using net::Transport;
    for (const Transport transport :
         {Transport::BadUrl, Transport::NameLookup, Transport::Connect, Transport::Tls, Transport::Timeout,
          Transport::Interrupted, Transport::Cancelled}) {
        const Verdict verdict = answered("polygon", {.transport = transport,
                                                     .status = 401,
                                                     .body = R"({"error":"Unknown API Key"})",
                                                     .problem = "the connection ended"});
        EXPECT_EQ(verdict.status, KeyStatus::Unreachable);
        EXPECT_EQ(verdict.detail, "transport");
        EXPECT_EQ(verdict.reason, "the connection ended");
    }
    const Verdict huge = answered("polygon", {.transport = Transport::TooLarge, .status = 200, .body = "{"});
    EXPECT_EQ(huge.status, KeyStatus::Unknown);
    EXPECT_FALSE(huge.reason.empty());
}

TEST(Classify, no_secret_is_in_any_reason) {
    secrets::Redactor redactor;
    redactor.add(kCanary);
    for (const Case& one : all_cases()) {
        Case echo = one;
        for (const std::string_view word : {"API", "api", "Invalid", "limit", "error", "is ", "Your"}) {
            for (std::size_t at = echo.body.find(word); at != std::string::npos;
                 at = echo.body.find(word, at + word.size() + kCanary.size())) {
                echo.body.insert(at, kCanary);
            }
        }
        const Verdict verdict = classified(echo, Catalogue::built_in(), redactor);
        EXPECT_FALSE(verdict.reason.contains(kCanary)) << one.name << ": " << verdict.reason;
        EXPECT_FALSE(verdict.reason.contains("canary")) << one.name << ": " << verdict.reason;
    }
}

TEST(Classify, the_key_that_a_provider_prints_is_not_repeated) {
    const Verdict verdict =
        classified({.provider = "alpha_vantage",
                    .body = R"({"Information":"We have detected your API key as ZZTOP99 and our )"
                            R"(standard API rate limit is 25 requests per day."})"});
    EXPECT_EQ(verdict.reason,
              "We have detected your API key as [redacted] and our standard API rate limit is 25 requests "
              "per day.");
}

TEST(Classify, a_reason_is_in_words_where_the_provider_has_none) {
    EXPECT_EQ(classified({.provider = "polygon", .status = 401}).reason, "HTTP 401 without a body");
    EXPECT_EQ(classified({.provider = "fred", .status = 403, .body = "<html></html>"}).reason,
              "HTTP 403 with a web page instead of an answer");
    EXPECT_EQ(classified({.provider = "fred", .status = 200, .body = "{"}).reason,
              "HTTP 200 with an answer that ends in the middle or is damaged");
    for (const Case& one : all_cases()) {
        const Verdict verdict = classified(one);
        EXPECT_TRUE(verdict.status == KeyStatus::Valid || !verdict.reason.empty()) << one.name;
    }
}

TEST(Classify, a_failing_server_never_condemns_a_key) {
    for (Case one : all_cases()) {
        for (const int status : {408, 500, 502, 503, 504, 521, 599}) {
            one.status = status;
            const Verdict verdict = classified(one);
            EXPECT_TRUE(verdict.status == KeyStatus::Unreachable || verdict.status == KeyStatus::Unknown ||
                        verdict.status == KeyStatus::RateLimited ||
                        verdict.status == KeyStatus::QuotaExhausted)
                << one.provider << ' ' << one.name << ' ' << status;
        }
    }
}

TEST(Classify, a_login_of_the_network_never_condemns_a_key) {
    for (Case one : all_cases()) {
        for (const int status : {407, 511}) {
            one.status = status;
            EXPECT_EQ(classified(one).status, KeyStatus::Unreachable) << one.provider << ' ' << one.name;
        }
    }
}

TEST(Classify, a_cut_answer_is_never_valid) {
    for (Case one : all_cases()) {
        if (one.expected == KeyStatus::Valid && one.body.size() > 1) {
            one.body.pop_back();
            const std::size_t end = one.body.find_last_not_of(" \n");
            one.body.resize(end == std::string::npos ? 0 : end);
            EXPECT_NE(classified(one).status, KeyStatus::Valid) << one.provider << ' ' << one.name;
        }
    }
}

TEST(Classify, words_that_break_off_condemn_no_key_unless_the_status_does) {
    constexpr std::string_view kCut = R"({"status":"ERROR","error":"Unknown API Key x)";
    for (const int status : {200, 400, 403}) {
        const Verdict verdict =
            classified({.provider = "polygon", .status = status, .body = std::string{kCut}});
        EXPECT_EQ(verdict.status, KeyStatus::Unknown) << status;
        EXPECT_EQ(verdict.reason, "Unknown API Key x");
    }
    EXPECT_EQ(classified({.provider = "polygon", .status = 401, .body = std::string{kCut}}).status,
              KeyStatus::Invalid);
    EXPECT_EQ(classified({.provider = "polygon", .status = 400, .body = std::string{kCut} + "\"}"}).status,
              KeyStatus::Invalid);
}

TEST(Classify, the_content_type_makes_no_difference) {
    for (Case one : all_cases()) {
        const Verdict before = classified(one);
        std::erase_if(one.headers, [](const net::Header& header) { return header.name == "content-type"; });
        for (const char* type : {"text/html", "application/json", "application/octet-stream", ""}) {
            Case other = one;
            other.headers.push_back({"content-type", type});
            EXPECT_EQ(classified(other), before) << one.provider << ' ' << one.name;
        }
    }
}

TEST(Classify, a_byte_order_mark_makes_no_difference) {
    for (Case one : all_cases()) {
        const Verdict before = classified(one);
        if (one.status != 0 && !one.body.starts_with("\xEF\xBB\xBF")) {
            one.body.insert(0, "\xEF\xBB\xBF");
            EXPECT_EQ(classified(one), before) << one.provider << ' ' << one.name;
        }
    }
}

TEST(Classify, reads_the_limits_beside_the_verdict) {
    const Verdict verdict = classified({.provider = "finnhub",
                                        .headers = {{"x-ratelimit-limit", "60"},
                                                    {"x-ratelimit-remaining", "59"},
                                                    {"x-ratelimit-reset", "1772366425"}},
                                        .body = R"({"c":1,"pc":1})"});
    EXPECT_EQ(verdict.status, KeyStatus::Valid);
    EXPECT_EQ(verdict.limit, 60);
    EXPECT_EQ(verdict.remaining, 59);
    EXPECT_EQ(verdict.reset, std::chrono::seconds{25});
    EXPECT_EQ(verdict.wait, std::nullopt);
}

TEST(Classify, a_pause_beyond_the_window_is_shortened_and_says_so) {
    const std::string reset = std::to_string(kNow.time_since_epoch() / std::chrono::seconds{1} + 2'591'998);
    const Verdict verdict =
        classified({.provider = "finnhub",
                    .headers = {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", reset}},
                    .body = R"({"c":1,"pc":1})"});
    EXPECT_EQ(verdict.status, KeyStatus::Valid);
    EXPECT_EQ(verdict.detail, "throttle_now");
    EXPECT_EQ(verdict.wait, std::chrono::seconds{66});
    EXPECT_EQ(verdict.reason, "a pause of 29d23h59m58s is asked for, 1m6s of it is kept");
}

TEST(Classify, words_ask_for_no_more_than_the_longest_window) {
    const auto waits = [](std::string_view provider, std::string_view body) {
        return classified({.provider = std::string{provider}, .status = 429, .body = std::string{body}});
    };
    const Verdict day = waits("finnhub", R"({"error":"API limit reached. Please wait 700 hours"})");
    EXPECT_EQ(day.wait, std::chrono::seconds{66});
    EXPECT_EQ(day.reason,
              "API limit reached. Please wait 700 hours; a pause of 29d4h is asked for, 1m6s of it is kept");
    EXPECT_EQ(waits("finnhub", R"({"error":"API limit reached. Try again in 66 seconds"})").reason,
              "API limit reached. Try again in 66 seconds");
    EXPECT_EQ(waits("openai", R"({"error":{"message":"Rate limit reached. Try again in 7m12s"}})").wait,
              std::chrono::seconds{432});
    EXPECT_EQ(waits("openweather", R"({"cod":429,"message":"Too many requests, wait 31 days"})").wait,
              std::chrono::days{31});
}

TEST(Classify, retry_after_is_a_day_at_most_unless_a_window_is_longer) {
    const auto waits = [](std::string_view provider, std::string value) {
        return classified({.provider = std::string{provider},
                           .status = 429,
                           .headers = {{"retry-after", std::move(value)}}});
    };
    EXPECT_EQ(waits("finnhub", "86400").wait, std::chrono::hours{24});
    EXPECT_EQ(waits("finnhub", "86400").reason, "HTTP 429 without a body");
    EXPECT_EQ(waits("finnhub", "86401").wait, std::chrono::hours{24});
    EXPECT_EQ(waits("finnhub", "86401").reason,
              "HTTP 429 without a body; a pause of 1d1s is asked for, 1d of it is kept");
    EXPECT_EQ(waits("openweather", "2678400").wait, std::chrono::days{31});
}

TEST(Classify, bodies_of_any_size_and_shape_take_little_time) {
    std::string quotes = R"({"status":"OK","results":[)";
    while (quotes.size() < 16U * 1024 * 1024) {
        quotes += R"({"T":"AAPL","c":261.74,"news":"Invalid API key, rate limit exceeded"},)";
    }
    quotes.back() = ']';
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(classified({.provider = "polygon", .body = quotes + "}"}).status, KeyStatus::Valid);
    EXPECT_EQ(classified({.provider = "polygon", .body = quotes}).status, KeyStatus::Unknown);
    for (const std::string_view unit :
         {"<", "[", "{\"a\":", "\"", "\\", "&", "a ", "1", "<a ", "</", "<!--", "(((", "\n"}) {
        std::string body;
        while (body.size() < 1024U * 1024) {
            body += unit;
        }
        for (const Source& source : Catalogue::built_in().sources()) {
            EXPECT_NE(classified({.provider = source.name, .body = body}).status, KeyStatus::Valid);
        }
    }
    // Two seconds here; quadratic time would be hours.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes{2});
}

}  // namespace
}  // namespace quantconf::sources::test
