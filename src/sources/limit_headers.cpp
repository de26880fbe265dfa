#include "sources/limit_headers.hpp"

#include <algorithm>
#include <string_view>

#include "quota/retry_after.hpp"

namespace quantconf::sources {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

/// "599", "599.0", "598.6" (rounded down: the rest of a request is none), "-1" (nothing left).
std::optional<std::int64_t> count_of(std::string_view text) {
    text = trimmed(text);
    const bool is_negative = text.starts_with('-');
    text.remove_prefix(is_negative ? 1 : 0);
    std::int64_t count = 0;
    bool has_digits = false;
    bool has_point = false;
    for (const char c : text) {
        if (c == '.' && !has_point) {
            has_point = true;
            continue;
        }
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        has_digits = true;
        if (!has_point) {
            count = count * 10 + (c - '0');
            if (count > kLimitMax) {
                return std::nullopt;
            }
        }
    }
    return has_digits ? std::optional{is_negative ? 0 : count} : std::nullopt;
}

std::string_view value_of(const net::Response& answer, std::string_view name) {
    const auto found = std::ranges::find(answer.headers, name, &net::Header::name);
    return name.empty() || found == answer.headers.end() ? std::string_view{} : found->value;
}

std::optional<Duration> reset_of(const LimitHeaders& names, const net::Response& answer, Time now) {
    const std::string_view text = value_of(answer, names.reset);
    switch (names.reset_as) {
        case LimitHeaders::Reset::EpochSeconds:
            return quota::parse_epoch_seconds(text, now, value_of(answer, "date"));
        case LimitHeaders::Reset::DeltaSeconds:
            return quota::parse_delta_seconds(text);
        case LimitHeaders::Reset::GoDuration:
            return quota::parse_go_duration(text);
    }
    return std::nullopt;
}

}  // namespace

LimitState read_limit_headers(const LimitHeaders& names, const net::Response& answer, Time now) {
    LimitState state{.limit = count_of(value_of(answer, names.limit)),
                     .remaining = count_of(value_of(answer, names.remaining)),
                     .reset = reset_of(names, answer, now)};
    if (state.limit && *state.limit == 0) {
        state.limit.reset();  // Nobody offers a window of nothing.
    }
    const auto used = count_of(value_of(answer, names.used));
    if (used && state.remaining && !state.limit && *used + *state.remaining > 0) {
        state.limit = *used + *state.remaining;
    }
    if (used && state.limit && !state.remaining) {
        state.remaining = std::max<std::int64_t>(0, *state.limit - *used);
    }
    if (state.reset && (*state.reset <= Duration{} || *state.reset > kResetMax)) {
        state.reset.reset();
    }
    return state;
}

std::optional<Duration> read_retry_after(const net::Response& answer, Time now) {
    const std::string_view text = value_of(answer, "retry-after");
    const auto wait =
        text.empty() ? std::nullopt : quota::parse_retry_after(text, now, value_of(answer, "date"));
    return wait && *wait > kResetMax ? std::optional{kRestAfterNonsense} : wait;
}

}  // namespace quantconf::sources
