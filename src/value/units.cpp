#include "value/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace quantconf::value {

namespace {

/// Products of a 64-bit unit and an 18-digit fraction need more than 64 bits.
__extension__ using Wide = unsigned __int128;

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::array<Unit, 7> kDurationUnits{{{"d", 86'400 * kSecond},
                                              {"h", 3'600 * kSecond},
                                              {"m", 60 * kSecond},
                                              {"s", kSecond},
                                              {"ms", 1'000'000},
                                              {"us", 1'000},
                                              {"ns", 1}}};

/// In the order in which to_text tries them: of two spellings of one length the first wins.
constexpr std::array<Unit, 9> kSizeUnits{{{"TiB", std::uint64_t{1} << 40U},
                                          {"GiB", std::uint64_t{1} << 30U},
                                          {"MiB", std::uint64_t{1} << 20U},
                                          {"KiB", std::uint64_t{1} << 10U},
                                          {"TB", 1'000'000'000'000},
                                          {"GB", 1'000'000'000},
                                          {"MB", 1'000'000},
                                          {"kB", 1'000},
                                          {"B", 1}}};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes the digits at the front of a text.
std::string_view take_digits(std::string_view& text) {
    const auto end = std::ranges::find_if_not(text, is_digit);
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

std::expected<std::uint64_t, UnitError> whole_number(std::string_view digits) {
    std::uint64_t number = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc{}) {
        return std::unexpected{UnitError::Overflow};
    }
    return number;
}

/// `fraction` (digits behind the point) of one unit, if that is a whole number.
std::expected<std::uint64_t, UnitError> part_of(std::uint64_t factor, std::string_view fraction) {
    constexpr std::size_t kFractionDigitsMax = 18;
    while (fraction.ends_with('0')) {
        fraction.remove_suffix(1);
    }
    if (fraction.empty()) {
        return 0;
    }
    if (fraction.size() > kFractionDigitsMax) {
        return std::unexpected{UnitError::NotExact};
    }
    Wide divisor = 1;
    Wide digits = 0;
    for (const char digit : fraction) {
        digits = digits * 10 + static_cast<unsigned>(digit - '0');
        divisor *= 10;
    }
    const Wide product = digits * factor;
    if (product % divisor != 0) {
        return std::unexpected{UnitError::NotExact};
    }
    return static_cast<std::uint64_t>(product / divisor);
}

/// Takes "1.5h" off the front of a text and counts it in the smallest unit. `units` are those still allowed;
/// the one that was used and those before it are taken away.
std::expected<std::uint64_t, UnitError> take_quantity(std::string_view& text, std::span<const Unit>& units) {
    const std::string_view whole = take_digits(text);
    std::string_view fraction;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = take_digits(text);
        if (fraction.empty()) {
            return std::unexpected{UnitError::NotANumber};
        }
    }
    if (whole.empty()) {
        return std::unexpected{UnitError::NotANumber};
    }
    if (text.empty()) {
        return std::unexpected{UnitError::MissingUnit};
    }
    const auto name_end = std::ranges::find_if(text, is_digit);
    const std::string_view name = text.substr(0, static_cast<std::size_t>(name_end - text.begin()));
    const auto unit = std::ranges::find(units, name, &Unit::name);
    if (unit == units.end()) {
        return std::unexpected{UnitError::UnknownUnit};
    }
    text.remove_prefix(name.size());
    units = units.subspan(static_cast<std::size_t>(unit - units.begin()) + 1);

    const auto number = whole_number(whole);
    const auto part = part_of(unit->factor, fraction);
    if (!number || !part) {
        return std::unexpected{number ? part.error() : number.error()};
    }
    std::uint64_t product = 0;
    std::uint64_t sum = 0;
    if (__builtin_mul_overflow(*number, unit->factor, &product) ||
        __builtin_add_overflow(product, *part, &sum)) {
        return std::unexpected{UnitError::Overflow};
    }
    return sum;
}

/// "1.5" for 1'500'000 nanoseconds in milliseconds.
std::string decimal(std::uint64_t count, std::uint64_t factor) {
    std::string text = fmt::format("{}", count / factor);
    if (const std::uint64_t rest = count % factor; rest != 0) {
        const std::size_t digits = fmt::formatted_size("{}", factor) - 1;
        text += fmt::format(".{:0{}}", rest, digits);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text;
}

}  // namespace

std::expected<Duration, UnitError> parse_duration(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    text.remove_prefix(is_negative ? 1 : 0);

    std::span<const Unit> units = kDurationUnits;
    std::uint64_t total = 0;
    do {
        const auto quantity = take_quantity(text, units);
        if (!quantity) {
            return std::unexpected{quantity.error()};
        }
        if (__builtin_add_overflow(total, *quantity, &total)) {
            return std::unexpected{UnitError::Overflow};
        }
    } while (!text.empty());

    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (total > kMax + (is_negative ? 1 : 0)) {
        return std::unexpected{UnitError::Overflow};
    }
    // Negation in unsigned arithmetic: the smallest duration has no positive counterpart.
    return Duration{static_cast<std::int64_t>(is_negative ? 0 - total : total)};
}

std::expected<ByteSize, UnitError> parse_size(std::string_view text) {
    std::span<const Unit> units = kSizeUnits;
    const auto bytes = take_quantity(text, units);
    if (!bytes) {
        return std::unexpected{bytes.error()};
    }
    if (!text.empty()) {
        return std::unexpected{UnitError::NotANumber};
    }
    return ByteSize{*bytes};
}

std::string to_text(Duration duration) {
    const std::int64_t count = duration.count();
    if (count == 0) {
        return "0s";
    }
    std::string text = count < 0 ? "-" : "";
    std::uint64_t rest =
        count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
    for (const auto& [name, factor] : kDurationUnits) {
        if (rest < factor) {
            continue;
        }
        if (factor <= kSecond) {  // Below a minute people think in one unit with a point.
            return text + decimal(rest, factor) + std::string{name};
        }
        text += fmt::format("{}{}", rest / factor, name);
        rest %= factor;
    }
    return text;
}

std::string to_text(ByteSize size) {
    if (size.bytes == 0) {
        return "0B";
    }
    std::string shortest;
    for (const auto& [name, factor] : kSizeUnits) {
        if (size.bytes % factor != 0) {
            continue;
        }
        std::string text = fmt::format("{}{}", size.bytes / factor, name);
        if (shortest.empty() || text.size() < shortest.size()) {
            shortest = std::move(text);
        }
    }
    return shortest;
}

std::string to_text(double number) {
    if (std::isnan(number)) {
        return ".nan";
    }
    if (std::isinf(number)) {
        return number > 0 ? ".inf" : "-.inf";
    }
    // Where people expect an exponent, and exactly where Python's repr() starts to use one.
    const double magnitude = std::fabs(number);
    const bool is_fixed = magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e16);
    std::array<char, 64> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                      is_fixed ? std::chars_format::fixed : std::chars_format::scientific);
    std::string text{buffer.data(), result.ptr};
    if (is_fixed && text.find('.') == std::string::npos) {
        text += ".0";
    }
    return text;
}

}  // namespace quantconf::value
