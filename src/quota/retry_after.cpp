#include "quota/retry_after.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "quota/http_date.hpp"

namespace quantconf::quota {
namespace {

constexpr std::int64_t kBillion = 1'000'000'000;
constexpr std::int64_t kWholeMax = kBillion * kBillion;  // Above every wait in every unit; fits in 64 bits.

/// A decimal number, exact: whole + billionths / 10^9. Digits behind the ninth are dropped.
struct Decimal9 {
    std::int64_t whole = 0;  ///< At most kWholeMax, which stands for everything above.
    std::int64_t billionths = 0;
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes a number without a sign off the front: "12", "12.5", ".5", "12.".
std::optional<Decimal9> take_number(std::string_view& text) {
    Decimal9 result;
    bool has_digits = false;
    while (!text.empty() && is_digit(text.front())) {
        result.whole =
            std::min(kWholeMax, std::min(result.whole, kWholeMax / 10) * 10 + (text.front() - '0'));
        text.remove_prefix(1);
        has_digits = true;
    }
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        std::int64_t weight = kBillion / 10;
        while (!text.empty() && is_digit(text.front())) {
            result.billionths += (text.front() - '0') * weight;
            weight /= 10;
            text.remove_prefix(1);
            has_digits = true;
        }
    }
    return has_digits ? std::optional{result} : std::nullopt;
}

/// `number` units, at most kWaitMax.
Duration times(const Decimal9& number, Duration unit) {
    if (number.whole >= kWaitMax / unit) {
        return kWaitMax;
    }
    // Both ways are exact and far below 2^63: a unit is at most an hour.
    const Duration fraction = unit >= std::chrono::seconds{1}
                                  ? Duration{number.billionths} * (unit / std::chrono::seconds{1})
                                  : Duration{number.billionths * unit.count() / kBillion};
    return number.whole * unit + fraction;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpaces = " \t";
    const std::size_t first = text.find_first_not_of(kSpaces);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

/// Takes a sign off the front; true if what follows is negative.
bool take_sign(std::string_view& text) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    return is_negative;
}

/// What time the provider has.
Time their_now(Time now, std::string_view date_header) {
    return parse_http_date(trimmed(date_header), now).value_or(now);
}

Duration until(Time moment, Time now) {
    // Compared in whole seconds, where nothing overflows: both may be anywhere in microseconds' 584,000
    // years.
    const auto seconds = std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch() -
                         std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
    if (seconds >= std::chrono::floor<std::chrono::seconds>(kWaitMax) + std::chrono::seconds{1}) {
        return kWaitMax;
    }
    if (seconds < std::chrono::seconds{-1}) {
        return Duration{};
    }
    return std::clamp(Duration{moment - now}, Duration{}, kWaitMax);
}

struct Unit {
    std::string_view name;
    Duration length;
};

// "ms" stands before "m", so that the longer name is found first.
constexpr std::array<Unit, 8> kUnits{{
    {"ns", std::chrono::nanoseconds{1}},
    {"us", std::chrono::microseconds{1}},
    {"\u00b5s", std::chrono::microseconds{1}},  // The micro sign, which Go prints,
    {"\u03bcs", std::chrono::microseconds{1}},  // and the Greek letter, which Go reads too.
    {"ms", std::chrono::milliseconds{1}},
    {"s", std::chrono::seconds{1}},
    {"m", std::chrono::minutes{1}},
    {"h", std::chrono::hours{1}},
}};

}  // namespace

std::optional<Duration> parse_delta_seconds(std::string_view text) {
    text = trimmed(text);
    const bool is_negative = take_sign(text);
    const auto number = take_number(text);
    if (!number || !text.empty()) {
        return std::nullopt;
    }
    return is_negative ? Duration{} : times(*number, std::chrono::seconds{1});
}

std::optional<Duration> parse_retry_after(std::string_view text, Time now, std::string_view date_header) {
    if (const auto seconds = parse_delta_seconds(text)) {
        return seconds;
    }
    const Time theirs = their_now(now, date_header);
    const auto moment = parse_http_date(trimmed(text), theirs);
    if (!moment) {
        return std::nullopt;
    }
    return until(*moment, theirs);
}

std::optional<Duration> parse_epoch_seconds(std::string_view text, Time now, std::string_view date_header) {
    text = trimmed(text);
    const bool is_negative = take_sign(text);
    const auto number = take_number(text);
    if (!number || !text.empty()) {
        return std::nullopt;
    }
    if (is_negative) {
        return Duration{};
    }
    // The year 31,690: far behind every wait, and far from the end of Time.
    constexpr std::int64_t kSecondsMax = 1'000 * kBillion;
    const auto whole = std::chrono::seconds{std::min(number->whole, kSecondsMax)};
    const auto fraction = std::chrono::microseconds{number->billionths / 1'000};
    return until(Time{whole + fraction}, their_now(now, date_header));
}

std::optional<Duration> parse_go_duration(std::string_view text) {
    text = trimmed(text);
    const bool is_negative = take_sign(text);
    if (text == "0") {
        return Duration{};  // The only one that needs no unit.
    }
    if (text.empty()) {
        return std::nullopt;
    }
    Duration sum{};
    while (!text.empty()) {
        const auto number = take_number(text);
        const auto* const unit =
            std::ranges::find_if(kUnits, [&](const Unit& one) { return text.starts_with(one.name); });
        if (!number || unit == kUnits.end()) {
            return std::nullopt;
        }
        text.remove_prefix(unit->name.size());
        sum = std::min(kWaitMax, sum + times(*number, unit->length));
    }
    return is_negative ? Duration{} : sum;
}

}  // namespace quantconf::quota
