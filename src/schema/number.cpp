#include "schema/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "base/text.hpp"

namespace quantconf::schema {

namespace {

using Failed = std::unexpected<NumberError>;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The value of a digit in any base up to 16; 255 for anything else.
unsigned digit_value(char c) {
    if (is_digit(c)) {
        return static_cast<unsigned>(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return static_cast<unsigned>(c - 'a' + 10);
    }
    if (c >= 'A' && c <= 'F') {
        return static_cast<unsigned>(c - 'A' + 10);
    }
    return 255;
}

/// Takes a sign off the front; true for a minus.
bool take_sign(std::string_view& text) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    return is_negative;
}

/// Digits of a base with single underscores between them.
std::expected<std::uint64_t, NumberError> parse_digits(std::string_view text, unsigned base) {
    std::uint64_t number = 0;
    bool is_overflow = false;
    bool is_spelled_badly = false;
    char previous = '_';
    for (const char c : text) {
        if (c == '_' || c == ',') {
            is_spelled_badly = is_spelled_badly || c == ',' || previous == '_';
        } else if (const unsigned digit = digit_value(c); digit < base) {
            is_overflow = __builtin_mul_overflow(number, base, &number) || is_overflow;
            is_overflow = __builtin_add_overflow(number, digit, &number) || is_overflow;
        } else {
            return Failed{NumberError::NotANumber};
        }
        previous = c;
    }
    const bool has_digits = std::ranges::any_of(text, [](char c) { return c != '_' && c != ','; });
    if (!has_digits) {
        return Failed{NumberError::NotANumber};
    }
    if (is_spelled_badly || previous == '_') {
        return Failed{NumberError::Spelling};
    }
    if (is_overflow) {
        return Failed{NumberError::Overflow};
    }
    return number;
}

/// "0x", "0o", "0b" or, for the wrong case of it, "0X", "0O", "0B" in front of at least one character.
char base_letter(std::string_view unsigned_text) {
    constexpr std::string_view kLetters = "xobXOB";
    const bool has_base =
        unsigned_text.size() > 2 && unsigned_text[0] == '0' && kLetters.contains(unsigned_text[1]);
    return has_base ? unsigned_text[1] : '\0';
}

std::expected<std::uint64_t, NumberError> parse_magnitude(std::string_view text) {
    const char letter = base_letter(text);
    if (letter == '\0') {
        const auto number = parse_digits(text, 10);
        if (text.size() > 1 && text.front() == '0' && (number || number.error() == NumberError::Overflow)) {
            return Failed{NumberError::LeadingZero};
        }
        return number;
    }
    const unsigned base = letter == 'x' || letter == 'X' ? 16 : letter == 'o' || letter == 'O' ? 8 : 2;
    const auto number = parse_digits(text.substr(2), base);
    if (number && base == 2) {
        return Failed{NumberError::Binary};
    }
    if (number && letter < 'a') {
        return Failed{NumberError::Spelling};
    }
    return number;
}

/// How a decimal number with a point or an exponent is put together.
struct Parts {
    std::string_view whole;
    std::string_view fraction;
    std::string_view exponent;  ///< With its sign; empty where there is none.
};

std::string_view take_digits(std::string_view& text) {
    const auto end = std::ranges::find_if_not(text, [](char c) { return is_digit(c) || c == '_'; });
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

/// Splits "1_000.5e-3"; NotANumber if there is anything else in the text.
std::expected<Parts, NumberError> split(std::string_view text) {
    Parts parts;
    parts.whole = take_digits(text);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        parts.fraction = take_digits(text);
    }
    if (std::ranges::none_of(parts.whole, is_digit) && std::ranges::none_of(parts.fraction, is_digit)) {
        return Failed{NumberError::NotANumber};
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        parts.exponent = text;
        take_sign(text);
        if (text.empty() || !std::ranges::all_of(text, is_digit)) {
            return Failed{NumberError::NotANumber};
        }
        text = {};
    }
    return text.empty() ? std::expected<Parts, NumberError>{parts} : Failed{NumberError::NotANumber};
}

bool has_misplaced_underscore(std::string_view digits) {
    return digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
}

/// For a number that no double holds: whether it is too small instead of too large.
bool is_tiny(const Parts& parts) {
    constexpr std::int64_t kExponentMax = 1'000'000'000;  // Texts are shorter, so nothing can outweigh it.
    std::int64_t exponent = 0;
    std::string_view digits = parts.exponent;
    const bool is_negative = take_sign(digits);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec ==
        std::errc::result_out_of_range) {
        exponent = kExponentMax;
    }
    exponent = std::min(exponent, kExponentMax) * (is_negative ? -1 : 1);

    const auto count = [](std::string_view text) {
        return static_cast<std::int64_t>(std::ranges::count_if(text, is_digit));
    };
    constexpr std::string_view kSignificant = "123456789";
    if (const auto first = parts.whole.find_first_of(kSignificant); first != std::string_view::npos) {
        return exponent + count(parts.whole.substr(first)) <= 0;
    }
    const auto first = std::min(parts.fraction.find_first_of(kSignificant), parts.fraction.size());
    return exponent - count(parts.fraction.substr(0, first)) <= 0;
}

bool has_significant_digit(std::string_view digits) {
    return digits.find_first_of("123456789") != std::string_view::npos;
}

/// For what std::from_chars understands: no plus in front, no underscores.
std::expected<double, NumberError> convert(std::string_view text, const Parts& parts) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_zero = !has_significant_digit(parts.whole) && !has_significant_digit(parts.fraction);
    // Libraries differ in whether they call infinity and zero errors.
    if (error == std::errc::result_out_of_range || !std::isfinite(number) || (number == 0 && !is_zero)) {
        return Failed{is_tiny(parts) ? NumberError::Underflow : NumberError::Overflow};
    }
    if (error != std::errc{} || end != text.data() + text.size()) {
        return Failed{NumberError::NotANumber};
    }
    return number;
}

/// The same with underscores, which are rare enough to pay for a copy.
std::expected<double, NumberError> convert_without_underscores(std::string_view text, const Parts& parts) {
    std::string plain{text};
    std::erase(plain, '_');
    return convert(plain, parts);
}

std::expected<double, NumberError> to_double(const Integer& integer) {
    constexpr auto kMax = std::uint64_t{1} << 53U;
    if (integer.magnitude > kMax) {
        return Failed{NumberError::NotExact};
    }
    const auto number = static_cast<double>(integer.magnitude);
    return integer.is_negative ? -number : number;
}

bool is_non_finite_word(std::string_view text) {
    static constexpr std::array<std::string_view, 5> kWords{"inf", "infinity", "nan", ".inf", ".nan"};
    take_sign(text);
    if (text.size() > 8) {
        return false;
    }
    return std::ranges::find(kWords, ascii_lower(text)) != kWords.end();
}

}  // namespace

std::expected<Integer, NumberError> parse_integer(std::string_view text) {
    const std::string_view whole_text = text;
    const bool is_negative = take_sign(text);
    const auto magnitude = parse_magnitude(text);
    if (magnitude) {
        return Integer{.is_negative = is_negative && *magnitude != 0, .magnitude = *magnitude};
    }
    if (magnitude.error() != NumberError::NotANumber) {
        return Failed{magnitude.error()};
    }
    if (split(text)) {
        return Failed{NumberError::NotWhole};
    }
    return Failed{is_non_finite_word(whole_text) ? NumberError::NotFinite : NumberError::NotANumber};
}

std::expected<double, NumberError> parse_float(std::string_view text) {
    const std::string_view whole_text = text;
    const bool is_negative = take_sign(text);
    const auto magnitude = parse_magnitude(text);
    if (magnitude) {
        return to_double({.is_negative = is_negative, .magnitude = *magnitude});
    }
    if (magnitude.error() == NumberError::Overflow) {
        return Failed{NumberError::NotExact};
    }
    if (magnitude.error() != NumberError::NotANumber) {
        return Failed{magnitude.error()};
    }
    const auto parts = split(text);
    if (!parts) {
        return Failed{is_non_finite_word(whole_text) ? NumberError::NotFinite : NumberError::NotANumber};
    }
    if (has_misplaced_underscore(parts->whole) || has_misplaced_underscore(parts->fraction)) {
        return Failed{NumberError::Spelling};
    }
    if (parts->whole.size() > 1 && parts->whole.front() == '0') {
        return Failed{NumberError::LeadingZero};
    }
    const auto number =
        text.contains('_') ? convert_without_underscores(text, *parts) : convert(text, *parts);
    return number && is_negative ? std::expected<double, NumberError>{-*number} : number;
}

std::expected<double, NumberError> parse_non_finite(std::string_view text) {
    static constexpr std::array<std::string_view, 3> kInfinity{".inf", ".Inf", ".INF"};
    static constexpr std::array<std::string_view, 3> kNan{".nan", ".NaN", ".NAN"};
    if (std::ranges::find(kNan, text) != kNan.end()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const bool is_negative = take_sign(text);
    if (std::ranges::find(kInfinity, text) == kInfinity.end()) {
        return Failed{NumberError::NotANumber};
    }
    const double infinity = std::numeric_limits<double>::infinity();
    return is_negative ? -infinity : infinity;
}

}  // namespace quantconf::schema
