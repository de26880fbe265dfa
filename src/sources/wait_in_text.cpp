#include "sources/wait_in_text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "quota/retry_after.hpp"
#include "sources/limit_headers.hpp"

namespace quantconf::sources {
namespace {

constexpr std::size_t kTextBytesMax = 4096;

struct Unit {
    std::string_view name;
    Duration length;
};

constexpr std::array<Unit, 22> kUnits{{
    {"ms", std::chrono::milliseconds{1}},
    {"msec", std::chrono::milliseconds{1}},
    {"millisecond", std::chrono::milliseconds{1}},
    {"milliseconds", std::chrono::milliseconds{1}},
    {"s", std::chrono::seconds{1}},
    {"sec", std::chrono::seconds{1}},
    {"secs", std::chrono::seconds{1}},
    {"second", std::chrono::seconds{1}},
    {"seconds", std::chrono::seconds{1}},
    {"m", std::chrono::minutes{1}},
    {"min", std::chrono::minutes{1}},
    {"mins", std::chrono::minutes{1}},
    {"minute", std::chrono::minutes{1}},
    {"minutes", std::chrono::minutes{1}},
    {"h", std::chrono::hours{1}},
    {"hr", std::chrono::hours{1}},
    {"hrs", std::chrono::hours{1}},
    {"hour", std::chrono::hours{1}},
    {"hours", std::chrono::hours{1}},
    {"d", std::chrono::hours{24}},
    {"day", std::chrono::hours{24}},
    {"days", std::chrono::hours{24}},
}};

constexpr auto kMarkers = std::to_array<std::string_view>(
    {"again", "retry", "retrying", "wait", "reset", "resets", "available", "resume", "back"});
constexpr auto kFillers = std::to_array<std::string_view>(
    {"in", "after", "for", "about", "approximately", "another", "at", "least", "again", "and"});

template <typename Words>
bool is_one_of(const Words& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// Words and numbers, lower case; "20s" stays whole, "seconds." loses its full stop.
std::vector<std::string> tokens_of(std::string_view text) {
    std::vector<std::string> tokens;
    std::string token;
    const auto finish = [&] {
        while (token.ends_with('.')) {
            token.pop_back();
        }
        if (!token.empty()) {
            tokens.push_back(std::move(token));
        }
        token.clear();
    };
    for (const char c : ascii_lower(text.substr(0, kTextBytesMax))) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.') {
            token += c;
        } else {
            finish();
        }
    }
    finish();
    return tokens;
}

std::optional<Duration> unit_of(std::string_view word) {
    const auto* const unit = std::ranges::find(kUnits, word, &Unit::name);
    return unit == kUnits.end() ? std::nullopt : std::optional{unit->length};
}

/// `count` units, at most a little more than kResetMax.
Duration times(std::string_view count, Duration unit) {
    if (count == "a" || count == "an" || count == "one") {
        return unit;
    }
    const auto seconds = quota::parse_delta_seconds(count);
    if (!seconds || *seconds / std::chrono::seconds{1} > kResetMax / unit) {
        return kResetMax + std::chrono::seconds{1};
    }
    const double factor = std::chrono::duration<double>{unit}.count();
    return std::chrono::duration_cast<Duration>(*seconds * factor);
}

bool is_count(std::string_view token) {
    return token == "a" || token == "an" || token == "one" || quota::parse_delta_seconds(token).has_value();
}

/// "20 seconds", "6m0s", "2 minutes and 30 seconds", from `at` on.
std::optional<Duration> pause_at(const std::vector<std::string>& tokens, std::size_t at) {
    while (at < tokens.size() && is_one_of(kFillers, tokens[at])) {
        ++at;
    }
    std::optional<Duration> sum;
    while (at < tokens.size() && sum.value_or(Duration{}) <= kResetMax) {
        if (const auto go = quota::parse_go_duration(tokens[at]); go && tokens[at] != "0") {
            sum = sum.value_or(Duration{}) + *go;
            ++at;
        } else if (at + 1 < tokens.size() && is_count(tokens[at]) && unit_of(tokens[at + 1])) {
            sum = sum.value_or(Duration{}) + times(tokens[at], *unit_of(tokens[at + 1]));
            at += 2;
        } else if (sum && tokens[at] == "and") {
            ++at;
        } else {
            break;
        }
    }
    return sum;
}

}  // namespace

std::optional<Duration> wait_in_text(std::string_view text) {
    const std::vector<std::string> tokens = tokens_of(text);
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        if (is_one_of(kMarkers, tokens[at])) {
            if (const auto pause = pause_at(tokens, at + 1); pause && *pause <= kResetMax) {
                return pause;
            }
        }
    }
    return std::nullopt;
}

}  // namespace quantconf::sources
