#include "sources/limit_headers.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
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

/// What `read` makes of each value of the header, and of each part of those that are lists; of all of them
/// the first in the order of `is_stricter`.
template <typename Read, typename Stricter>
auto strictest(const net::Response& answer, std::string_view name, const Read& read,
               const Stricter& is_stricter) {
    decltype(read(std::string_view{})) result;
    const auto consider = [&](std::string_view text) {
        const auto value = read(text);
        if (value && (!result || is_stricter(*value, *result))) {
            result = value;
        }
        return value.has_value();
    };
    for (const net::Header& header : answer.headers) {
        if (name.empty() || header.name != name || consider(header.value)) {
            continue;  // A date has a comma and is no list.
        }
        for (std::string_view rest = header.value; !rest.empty();) {
            const std::size_t end = std::min(rest.find(','), rest.size());
            static_cast<void>(consider(trimmed(rest.substr(0, end))));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return result;
}

std::optional<std::int64_t> least_count(const net::Response& answer, std::string_view name) {
    return strictest(answer, name, count_of, std::less{});
}

/// Nobody offers a window of nothing.
std::optional<std::int64_t> limit_of(std::string_view text) {
    const auto limit = count_of(text);
    return limit && *limit > 0 ? limit : std::nullopt;
}

std::optional<Duration> reset_of(const LimitHeaders& names, const net::Response& answer, Time now) {
    const auto read = [&](std::string_view text) -> std::optional<Duration> {
        switch (names.reset_as) {
            case LimitHeaders::Reset::EpochSeconds:
                return quota::parse_epoch_seconds(text, now, value_of(answer, "date"));
            case LimitHeaders::Reset::DeltaSeconds:
                return quota::parse_delta_seconds(text);
            case LimitHeaders::Reset::GoDuration:
                return quota::parse_go_duration(text);
        }
        return std::nullopt;
    };
    return strictest(answer, names.reset, read, std::greater{});
}

/// Nothing if it has passed, or is absurd and the window unknown.
std::optional<BelievedWait> believed(const LimitHeaders& names, std::optional<Duration> reset) {
    if (!reset || *reset <= Duration{}) {
        return std::nullopt;
    }
    if (names.per > Duration{}) {
        return at_most(with_slack(std::max(names.per, names.reset_max)), *reset);
    }
    return *reset <= kResetMax ? std::optional{BelievedWait{.wait = *reset}} : std::nullopt;
}

}  // namespace

BelievedWait at_most(Duration most, Duration asked) {
    return asked > most ? BelievedWait{.wait = most, .asked = asked} : BelievedWait{.wait = asked};
}

Duration with_slack(Duration window) {
    return std::min(window + std::max<Duration>(window / 10, std::chrono::seconds{5}), kResetMax);
}

LimitState read_limit_headers(const LimitHeaders& names, const net::Response& answer, Time now) {
    LimitState state{.limit = strictest(answer, names.limit, limit_of, std::less{}),
                     .remaining = least_count(answer, names.remaining),
                     .reset = believed(names, reset_of(names, answer, now))};
    const auto used = strictest(answer, names.used, count_of, std::greater{});
    if (used && state.remaining && !state.limit && *used + *state.remaining > 0) {
        state.limit = *used + *state.remaining;
    }
    if (used && state.limit && !state.remaining) {
        state.remaining = std::max<std::int64_t>(0, *state.limit - *used);
    }
    return state;
}

std::optional<BelievedWait> read_retry_after(const net::Response& answer, Time now, Duration most) {
    const auto read = [&](std::string_view text) {
        return text.empty() ? std::nullopt : quota::parse_retry_after(text, now, value_of(answer, "date"));
    };
    const auto asked = strictest(answer, "retry-after", read, std::greater{});
    if (!asked) {
        return std::nullopt;
    }
    return *asked > kResetMax ? BelievedWait{.wait = kRestAfterNonsense, .asked = asked}
                              : at_most(most, *asked);
}

}  // namespace quantconf::sources
