#pragma once

#include <string>
#include <string_view>

#include "quantconf/field.hpp"

namespace quantconf::schema {

/// A text with at least one ${...} in it, as the interpolation reads it: $$ is an escaped dollar sign.
inline constexpr std::string_view kInterpolatedPattern = R"(^(?:[^$]|\$[^{])*\$\{[^}]+\})";

/// Where the exported schema keeps that pattern: {"$ref": "#/$defs/interpolated"}.
inline constexpr std::string_view kInterpolatedName = "interpolated";
inline constexpr std::string_view kInterpolatedReference = "#/$defs/interpolated";

/// What every text of this kind of field looks like (durations, sizes, URLs, secrets, ...), for validators
/// that know nothing of our types. Empty for kinds without a syntax of their own.
[[nodiscard]] std::string syntax_pattern(const Field& field);

/// JSON Schema searches for a pattern anywhere in the text, Options::pattern must match all of it. These two
/// translate; to_whole_match(to_search(p)) means the same as p.
[[nodiscard]] std::string to_search(std::string_view whole_match);
[[nodiscard]] std::string to_whole_match(std::string_view search);

}  // namespace quantconf::schema
