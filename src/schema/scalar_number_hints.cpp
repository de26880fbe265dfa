#include "schema/scalar_number_hints.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/scalar_report.hpp"

namespace quantconf::schema {

namespace {

/// "-", "+" or nothing, taken off the front.
std::string_view take_sign(std::string_view& text) {
    const std::string_view sign = text.substr(0, text.starts_with('-') || text.starts_with('+') ? 1 : 0);
    text.remove_prefix(sign.size());
    return sign;
}

/// "012" -> "write 12 or 0o12": we do not know which of the two was meant.
std::string leading_zero_hint(std::string_view text) {
    const std::string_view sign = take_sign(text);
    const auto first = text.find_first_not_of("0_");
    if (first == std::string_view::npos) {
        return "write 0";
    }
    text.remove_prefix(first);
    if (text.starts_with('.')) {
        return fmt::format("write {}0{}", sign, text);
    }
    const bool may_be_octal = text.find_first_not_of("01234567_") == std::string_view::npos;
    return may_be_octal ? fmt::format("write {0}{1} or {0}0o{1}", sign, text)
                        : fmt::format("write {}{}", sign, text);
}

std::string binary_hint(std::string_view text) {
    const std::string_view sign = take_sign(text);
    std::string digits{text.substr(2)};
    std::erase(digits, '_');
    std::uint64_t number = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), number, 2).ec != std::errc{}) {
        return {};
    }
    return fmt::format("write {}{}", sign, number);
}

std::string spelling_hint(std::string_view text) {
    if (text.contains(',')) {
        return "the decimal point is written ., and thousands are written 1000 or 1_000";
    }
    if (text.contains('X') || text.contains('O')) {
        return fmt::format("write {}", text.contains('X') ? "0x in lower case" : "0o in lower case");
    }
    return "an underscore stands alone and between digits: 1_000";
}

std::string whole_hint(std::string_view text) {
    constexpr double kExactMax = 9'007'199'254'740'992;  // 2^53
    const auto number = parse_float(text);
    if (number && *number == std::floor(*number) && std::fabs(*number) <= kExactMax) {
        return fmt::format("write {}", static_cast<std::int64_t>(*number));
    }
    return "only whole numbers are possible here";
}

std::string word_hint(const Scalar& scalar, std::string_view text) {
    if (scalar.field.type == Type::Float && text.ends_with('%')) {
        const auto percent = parse_float(text.substr(0, text.size() - 1));
        return percent ? fmt::format("{} is written {:.12g}", text, *percent / 100) : std::string{};
    }
    if (text.contains(',') && text.find_first_not_of("0123456789,._+-") == std::string_view::npos) {
        return spelling_hint(text);
    }
    return {};
}

}  // namespace

std::string number_hint(const Scalar& scalar, NumberError error) {
    if (!may_quote(scalar)) {
        return {};
    }
    const std::string_view text = scalar.text();
    switch (error) {
        case NumberError::NotANumber:
            return word_hint(scalar, text);
        case NumberError::LeadingZero:
            return leading_zero_hint(text);
        case NumberError::Binary:
            return binary_hint(text);
        case NumberError::Spelling:
            return spelling_hint(text);
        case NumberError::NotWhole:
            return whole_hint(text);
        case NumberError::NotFinite:
            return scalar.field.type == Type::Float && scalar.field.options.allow_non_finite
                       ? "write .inf, -.inf or .nan"
                       : std::string{};
        case NumberError::NotExact:
            return "whole numbers are exact up to 9007199254740992; write a point or an exponent if the "
                   "nearest "
                   "number will do";
        case NumberError::Underflow:
            return "write 0 if that is meant";
        case NumberError::Overflow:
            break;
    }
    return {};
}

std::string percent_hint(const Scalar& scalar, const Range& range, double number) {
    const bool is_range_of_fractions = range.max && exact(range.max->number) <= 1;
    const bool looks_like_percent = number >= 1 && number <= 100;
    const bool fits_as_fraction = range.contains(static_cast<Exact>(number / 100));
    if (!may_quote(scalar) || !is_range_of_fractions || !looks_like_percent || !fits_as_fraction) {
        return {};
    }
    return fmt::format("{}% is written {:.12g}", scalar.text(), number / 100);
}

}  // namespace quantconf::schema
