#include "history/moment.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>

#include <fmt/format.h>

#include "base/text.hpp"

namespace quantconf::history {
namespace {

using std::chrono::microseconds;

constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kDecimals = 9;

constexpr std::size_t kSecondsDigits = 10;
constexpr std::size_t kMillisecondsDigits = 13;
constexpr std::size_t kMicrosecondsDigits = 16;
constexpr std::size_t kNanosecondsDigits = 19;

std::unexpected<std::string> ambiguous(std::string_view text) {
    return std::unexpected{fmt::format(
        "{} could mean several moments: expected 10 digits for seconds, 13 for milliseconds, 16 for "
        "microseconds or 19 for nanoseconds since 1970, or a time such as "
        "2026-03-01T09:30:00.123456789Z",
        quoted(text))};
}

std::expected<Time, std::string> from_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size() || text.front() == '0') {
        return ambiguous(text);
    }
    switch (text.size()) {
        case kSecondsDigits:
            return Time{std::chrono::seconds{number}};
        case kMillisecondsDigits:
            return Time{std::chrono::milliseconds{number}};
        case kMicrosecondsDigits:
            return Time{microseconds{number}};
        case kNanosecondsDigits:
            return Time{microseconds{number / 1000}};
        default:
            return ambiguous(text);
    }
}

std::size_t count_decimals(std::string_view text) {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos) {
        return 0;
    }
    const std::string_view behind = text.substr(point + 1);
    return std::min(behind.find_first_not_of(kDigits), behind.size());
}

}  // namespace

std::expected<Time, std::string> parse_moment(std::string_view text) {
    if (!text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos) {
        return from_number(text);
    }
    const std::optional<Time> time = parse_rfc3339(text);
    if (!time || count_decimals(text) > kDecimals) {
        return std::unexpected{fmt::format(
            "{} is not a moment: expected a time with its zone and at most nine decimals, such as "
            "2026-03-01T09:30:00.123456789Z, or a number since 1970 with 10, 13, 16 or 19 digits",
            quoted(text))};
    }
    return *time;
}

}  // namespace quantconf::history
