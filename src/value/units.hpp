#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "quantconf/types.hpp"

namespace quantconf::value {

/// Why a duration or size was not understood.
enum class UnitError : std::uint8_t {
    NotANumber,   ///< No number at the start, or rubbish somewhere.
    MissingUnit,  ///< "30": the caller suggests the likely spellings.
    UnknownUnit,  ///< "30sec", "5KB", "1H".
    Overflow,
    NotExact,  ///< "0.5ns", "0.3B": not a whole number of nanoseconds or bytes.
};

/// "250ms", "1h30m", "1.5s", "-5s": ns us ms s m h d, largest first, each at most once. A minus stands before
/// the whole; fractions have at most 18 digits.
[[nodiscard]] std::expected<Duration, UnitError> parse_duration(std::string_view text);
/// "512MiB", "1.5GB", "0B": B kB MB GB TB KiB MiB GiB TiB; a whole number of bytes.
[[nodiscard]] std::expected<ByteSize, UnitError> parse_size(std::string_view text);

/// The one spelling that we print, which parses back to the same value: "1h30m", "1.5s", "250ms", "0s".
[[nodiscard]] std::string to_text(Duration duration);
/// The shortest whole number with a unit: "512MiB", "10GB", "1025B", "0B".
[[nodiscard]] std::string to_text(ByteSize size);
/// The shortest decimal text that reads back as the same double; always with a point or exponent: "5.0". Not
/// finite:
/// ".inf", "-.inf", ".nan", as in YAML.
[[nodiscard]] std::string to_text(double number);

}  // namespace quantconf::value
