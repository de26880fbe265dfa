#include "base/clock.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace quantconf {
namespace {

using std::chrono::microseconds;

constexpr Time kFirst{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
constexpr Time kLast{Time{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}} + std::chrono::hours{24} -
                     microseconds{1}};

/// Takes a fixed shape off the front of a text, piece by piece; false once something did not fit.
class Reader {
public:
    explicit Reader(std::string_view text) : text_{text} {}

    /// Exactly `digits` digits, at most `max`.
    int number(std::size_t digits, int max) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            value = value * 10 + digit();
        }
        is_good_ = is_good_ && value <= max;
        return value;
    }
    /// One of `characters`, or a zero.
    char one_of(std::string_view characters) {
        is_good_ = is_good_ && !text_.empty() && characters.contains(text_.front());
        return is_good_ ? take() : '\0';
    }
    /// ".25" as 250000; nothing is zero.
    microseconds fraction() {
        if (!text_.starts_with('.')) {
            return microseconds{0};
        }
        take();
        int value = digit();
        int count = 1;
        for (; is_good_ && !text_.empty() && is_digit(text_.front()); ++count) {
            const int next = digit();
            value = count < 6 ? value * 10 + next : value;
        }
        for (; count < 6; ++count) {
            value *= 10;
        }
        return microseconds{value};
    }
    [[nodiscard]] bool is_done() const { return is_good_ && text_.empty(); }

private:
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    char take() {
        const char first = text_.front();
        text_.remove_prefix(1);
        return first;
    }
    int digit() {
        is_good_ = is_good_ && !text_.empty() && is_digit(text_.front());
        return is_good_ ? take() - '0' : 0;
    }

    std::string_view text_;
    bool is_good_ = true;
};

}  // namespace

Time SystemClock::now() const {
    return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

std::string to_rfc3339(Time time) {
    time = std::clamp(time, kFirst, kLast);
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::optional<Time> parse_rfc3339(std::string_view text) {
    Reader reader{text};
    const std::chrono::year year{reader.number(4, 9999)};
    reader.one_of("-");
    const std::chrono::month month{static_cast<unsigned>(reader.number(2, 12))};
    reader.one_of("-");
    const std::chrono::day day{static_cast<unsigned>(reader.number(2, 31))};
    reader.one_of("Tt ");
    const std::chrono::hours hours{reader.number(2, 23)};
    reader.one_of(":");
    const std::chrono::minutes minutes{reader.number(2, 59)};
    reader.one_of(":");
    const std::chrono::seconds seconds{reader.number(2, 59)};
    const microseconds fraction = reader.fraction();
    std::chrono::minutes offset{0};
    if (const char zone = reader.one_of("Zz+-"); zone == '+' || zone == '-') {
        offset = std::chrono::hours{reader.number(2, 23)};
        reader.one_of(":");
        offset += std::chrono::minutes{reader.number(2, 59)};
        offset = zone == '-' ? -offset : offset;
    }
    const std::chrono::year_month_day date{year, month, day};
    if (!reader.is_done() || !date.ok()) {
        return std::nullopt;
    }
    return Time{std::chrono::sys_days{date}} + hours + minutes + seconds + fraction - offset;
}

}  // namespace quantconf
