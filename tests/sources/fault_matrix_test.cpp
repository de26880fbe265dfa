// What the client makes of every status with every header and every body, over real sockets: how often it
// asks, what it pays, what it says, and that a key is in none of it.

#include <array>
#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

#include "support/asking.hpp"

namespace quantconf::sources::test {
namespace {

using namespace std::chrono_literals;

constexpr Duration kDeadline = 10s;  // Behind the longest wait that is obeyed here, before all others.

struct Body {
    std::string_view name;
    std::string text;  ///< {KEY}: the key that was sent.
};

std::array<Body, 8> bodies_of_the_matrix() {
    return {
        {{"data", R"({"status":"OK","results":[{"p":1.5}]})"},
         {"words against the key", R"({"status":"ERROR","error":"Unknown API Key {KEY}"})"},
         {"the login of a network",
          "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Welcome! Please sign in to "
          "use this network. Invalid API key {KEY}</form></body></html>"},
         {"nothing", ""},
         {"cut data", R"({"status":"OK","results":[{"p":1.)"},
         {"cut words", R"({"status":"ERROR","error":"Unknown API Key {KEY})"},
         {"text", "pong {KEY}"},
         {"null", "null"}}};
}

/// What each body means with a status, in the order above: Valid, Invalid, rate limited, Not entitled, gone
/// (unreachable), ? unknown.
struct Row {
    int status;
    std::string_view meanings;
};

// Written from what is known of Polygon. 401 says it whatever the body is; 403 only with JSON; servers that
// have failed say nothing about keys, whatever their pages say.
constexpr std::array kRows{
    Row{200, "VI??????"}, Row{204, "????????"}, Row{302, "????????"}, Row{304, "????????"},
    Row{400, "?I??????"}, Row{401, "IIIIIIII"}, Row{403, "NI??????"}, Row{404, "????????"},
    Row{408, "gggggggg"}, Row{418, "????????"}, Row{423, "????????"}, Row{426, "????????"},
    Row{429, "rrrrrrrr"}, Row{500, "gggggggg"}, Row{502, "gggggggg"}, Row{503, "gggggggg"},
    Row{504, "gggggggg"}, Row{520, "gggggggg"}, Row{511, "bbbbbbbb"}, Row{599, "????????"}};

enum class Wait { Unsaid, Obeyed, TooLong };

struct Header {
    std::string_view name;
    std::string text;  ///< Members of a JSON object.
    Wait wait = Wait::Unsaid;
};

std::string http_date(std::chrono::seconds from_now) {
    const std::time_t at = std::time(nullptr) + from_now.count();
    std::tm parts{};
    ::gmtime_r(&at, &parts);
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

std::array<Header, 10> headers_of_the_matrix() {
    return {{{"none", ""},
             {"a delta", R"("retry-after":"1")", Wait::Obeyed},
             {"a date", R"("retry-after":")" + http_date(2s) + '"', Wait::Obeyed},
             {"garbage", R"("retry-after":"soon; {KEY}")"},
             {"huge", R"("retry-after":"99999999999999999999999")", Wait::TooLong},
             {"a date far away", R"("retry-after":")" + http_date(24h * 365) + '"', Wait::TooLong},
             {"negative", R"("retry-after":"-5")", Wait::Obeyed},
             {"not the type", R"("content-type":"image/png; {KEY}")"},
             {"two types and the key", R"("x-request-id":"{KEY}","x-ratelimit-remaining":"-1e309",
                                          "x-ratelimit-reset":"NaN","set-cookie":"key={KEY}")"},
             {"a refresh", R"("refresh":"0; url=http://localhost/_trap/{KEY}","link":"<x>; rel=next")"}}};
}

std::string with_key(std::string text, std::string_view key) {
    for (std::size_t at = text.find("{KEY}"); at != std::string::npos; at = text.find("{KEY}", at)) {
        text.replace(at, 5, key);
    }
    return text;
}

KeyStatus status_for(char meaning) {
    switch (meaning) {
        case 'V':
            return KeyStatus::Valid;
        case 'I':
            return KeyStatus::Invalid;
        case 'r':
            return KeyStatus::RateLimited;
        case 'N':
            return KeyStatus::NotEntitled;
        case 'g':
        case 'b':
            return KeyStatus::Unreachable;
        default:
            return KeyStatus::Unknown;
    }
}

/// How often it is asked: again only where nobody was there or it came too early, if the wait is known and
/// ends in time. Without a word, Polygon's window is a minute.
int requests_for(char meaning, Wait wait) {
    const int all = 1 + Asking::kRetries;
    switch (meaning) {
        case 'g':
            return wait == Wait::TooLong ? 1 : all;
        case 'r':
            return wait == Wait::Obeyed ? all : 1;
        default:
            return 1;
    }
}

class FaultMatrix : public AtTheSimulator {
protected:
    static void answer_with(std::string_view source, int status, std::string_view body,
                            std::string_view headers, std::string_view key) {
        simulator_->fault(source, "status",
                          R"("status":)" + std::to_string(status) + R"(,"content_type":"application/json")" +
                              R"(,"body":)" + json_text(with_key(std::string{body}, key)) +
                              R"(,"headers":{)" + with_key(std::string{headers}, key) + "}");
    }
};

TEST_F(FaultMatrix, every_status_with_every_header_and_body_is_asked_as_often_as_it_may_be) {
    const std::string key = simulator_->key("polygon");
    for (const Row& row : kRows) {
        for (const Header& header : headers_of_the_matrix()) {
            const auto bodies = bodies_of_the_matrix();
            for (std::size_t i = 0; i < bodies.size(); ++i) {
                SCOPED_TRACE(std::to_string(row.status) + ", " + std::string{header.name} + ", " +
                             std::string{bodies[i].name});
                answer_with("polygon", row.status, bodies[i].text, header.text, key);
                Asking asking{*simulator_, *http_, Provider::Polygon};

                const Answer answer = asking.ask(kDeadline);

                const char meaning = row.meanings[i];
                EXPECT_EQ(answer.verdict.status, status_for(meaning)) << answer.verdict.reason;
                EXPECT_EQ(answer.http_status, row.status);
                const auto arrivals = simulator_->arrivals();
                EXPECT_EQ(std::ssize(arrivals), requests_for(meaning, header.wait)) << answer.verdict.reason;
                EXPECT_EQ(std::ssize(arrivals), answer.attempts);
                EXPECT_EQ(std::ssize(arrivals), answer.cost);
                EXPECT_EQ(std::ssize(arrivals), asking.charged());
                EXPECT_FALSE(asking.texts(answer).contains(key)) << asking.texts(answer);
                EXPECT_LE(answer.verdict.reason.size(), 160U);
            }
        }
    }
}

TEST_F(FaultMatrix, of_all_providers_nobody_condemns_a_key_for_what_a_server_or_a_network_says) {
    for (const auto& [provider, name] : EnumTable<Provider>::names) {
        const std::string key = simulator_->key(name);
        for (const Row& row : kRows) {
            for (const Body& body : bodies_of_the_matrix()) {
                SCOPED_TRACE(std::string{name} + ", " + std::to_string(row.status) + ", " +
                             std::string{body.name});
                answer_with(name, row.status, body.text, "", key);
                Asking asking{*simulator_, *http_, provider};

                const Answer answer = asking.ask(kDeadline);

                using enum KeyStatus;
                const KeyStatus status = answer.verdict.status;
                if (row.status == 408 || row.status >= 500) {
                    EXPECT_TRUE(status == Unreachable || status == RateLimited || status == QuotaExhausted ||
                                (row.status == 599 && status == Unknown))
                        << answer.verdict.reason;
                    for (const KeyStatus heard : asking.verdicts()) {
                        EXPECT_EQ(heard, Valid);  // Of Reddit's token.
                    }
                } else if (row.status < 400 && body.name == "the login of a network") {
                    EXPECT_EQ(status, Unknown) << answer.verdict.reason;
                }
                EXPECT_FALSE(status == Valid && row.status >= 500);
                const auto arrivals = simulator_->arrivals();
                const auto asked = std::ranges::count(arrivals, name, &Arrival::source);
                const bool may_be_repeated = (status == Unreachable && answer.verdict.detail != "blocked") ||
                                             status == RateLimited ||
                                             answer.verdict.detail == "token_expired";
                EXPECT_TRUE(asked == 1 || (may_be_repeated && asked <= 1 + Asking::kRetries)) << asked;
                EXPECT_EQ(asked, answer.cost);
                EXPECT_EQ(asked, asking.charged());
                EXPECT_EQ(std::ssize(arrivals), answer.attempts);
                EXPECT_FALSE(asking.texts(answer).contains(key)) << asking.texts(answer);
            }
        }
    }
}

}  // namespace
}  // namespace quantconf::sources::test
