#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

namespace quantconf::schema {

/// Why a text is not the number that was asked for. Each kind has advice of its own.
enum class NumberError : std::uint8_t {
    NotANumber,   ///< "abc", "12:30", "".
    LeadingZero,  ///< "012": ten to some readers, twelve to others.
    Binary,       ///< "0b11": not YAML 1.2.
    Spelling,     ///< "1__0", "0X1F", "1,000": plainly a number, but not how we write one.
    NotWhole,     ///< "5.0" or "1e3" where an integer is expected.
    NotFinite,    ///< ".inf", ".nan", "inf", "NaN".
    Overflow,     ///< Too large for 64 bits, or for a double.
    Underflow,    ///< "1e-400" would silently become 0.
    NotExact,     ///< An integer that no double holds exactly: above 2^53.
};

/// Any integer of 64 bits, signed or unsigned.
struct Integer {
    bool is_negative = false;
    std::uint64_t magnitude = 0;
};

/// "-12", "+12", "0x1F", "0o17", "1_000": single underscores between digits, no leading zero.
[[nodiscard]] std::expected<Integer, NumberError> parse_integer(std::string_view text);

/// "0.5", ".5", "5.", "1e3", "1_000.5" and every integer of at most 2^53, correctly rounded.
[[nodiscard]] std::expected<double, NumberError> parse_float(std::string_view text);

/// YAML's ".inf", "-.Inf", ".NAN"...; NotANumber for anything else, words such as "nan" included.
[[nodiscard]] std::expected<double, NumberError> parse_non_finite(std::string_view text);

}  // namespace quantconf::schema
