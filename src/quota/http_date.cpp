#include "quota/http_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>

#include "base/text.hpp"

namespace quantconf::quota {
namespace {

constexpr std::array<std::string_view, 7> kDays{"monday", "tuesday",  "wednesday", "thursday",
                                                "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::size_t kShortDay = 3;

/// Takes one part after the other; after the first that does not fit, nothing fits any more.
class Parts {
public:
    explicit Parts(std::string_view text) : rest_{text} {}

    void literal(std::string_view expected) {
        if (!rest_.starts_with(expected)) {
            fits_ = false;
        }
        rest_.remove_prefix(std::min(expected.size(), rest_.size()));
    }

    /// A number of exactly so many digits.
    int number(std::size_t digits) {
        int result = 0;
        for (std::size_t i = 0; i != digits; ++i) {
            if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
                fits_ = false;
                return 0;
            }
            result = result * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return result;
    }

    /// 1 to 12, or 0.
    unsigned month() {
        const auto* const found = std::ranges::find(kMonths, rest_.substr(0, 3));
        rest_.remove_prefix(std::min<std::size_t>(3, rest_.size()));
        if (found == kMonths.end()) {
            fits_ = false;
            return 0;
        }
        return static_cast<unsigned>(found - kMonths.begin()) + 1;
    }

    std::chrono::seconds time_of_day() {
        const int hour = number(2);
        literal(":");
        const int minute = number(2);
        literal(":");
        const int second = number(2);
        if (hour > 23 || minute > 59 || second > 60) {
            fits_ = false;
        }
        return std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
    }

    [[nodiscard]] bool next_is(char c) const { return rest_.starts_with(c); }
    [[nodiscard]] bool is_complete() const { return fits_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool fits_ = true;
};

std::optional<Time> moment(int year, unsigned month, int day, std::chrono::seconds time) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return Time{std::chrono::sys_days{date} + time};
}

std::optional<Time> with_four_digits(std::string_view text) {  // " 06 Nov 1994 08:49:37 gmt"
    Parts parts{text};
    parts.literal(" ");
    const int day = parts.number(2);
    parts.literal(" ");
    const unsigned month = parts.month();
    parts.literal(" ");
    const int year = parts.number(4);
    parts.literal(" ");
    const auto time = parts.time_of_day();
    parts.literal(" gmt");
    return parts.is_complete() ? moment(year, month, day, time) : std::nullopt;
}

std::optional<Time> with_two_digits(std::string_view text, Time now) {  // " 06-Nov-94 08:49:37 gmt"
    Parts parts{text};
    parts.literal(" ");
    const int day = parts.number(2);
    parts.literal("-");
    const unsigned month = parts.month();
    parts.literal("-");
    int year = parts.number(2);
    parts.literal(" ");
    const auto time = parts.time_of_day();
    parts.literal(" gmt");
    if (!parts.is_complete()) {
        return std::nullopt;
    }
    const int this_year{
        std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(now)}.year().operator int()};
    year += this_year - this_year % 100;
    if (year > this_year + 50) {
        year -= 100;
    } else if (year <= this_year - 50) {
        year += 100;
    }
    return moment(year, month, day, time);
}

std::optional<Time> of_asctime(std::string_view text) {  // " Nov  6 08:49:37 1994"
    Parts parts{text};
    parts.literal(" ");
    const unsigned month = parts.month();
    parts.literal(" ");
    int day = 0;
    if (parts.next_is(' ')) {
        parts.literal(" ");
        day = parts.number(1);
    } else {
        day = parts.number(2);
    }
    parts.literal(" ");
    const auto time = parts.time_of_day();
    parts.literal(" ");
    const int year = parts.number(4);
    return parts.is_complete() ? moment(year, month, day, time) : std::nullopt;
}

}  // namespace

std::optional<Time> parse_http_date(std::string_view text, Time now) {
    const std::string lower = ascii_lower(text);
    const std::string_view date{lower};
    for (const std::string_view day : kDays) {
        if (date.starts_with(day) && date.substr(day.size()).starts_with(',')) {
            return with_two_digits(date.substr(day.size() + 1), now);
        }
        if (!date.starts_with(day.substr(0, kShortDay))) {
            continue;
        }
        const std::string_view rest = date.substr(kShortDay);
        return rest.starts_with(',') ? with_four_digits(rest.substr(1)) : of_asctime(rest);
    }
    return std::nullopt;
}

}  // namespace quantconf::quota
