#pragma once

#include <string_view>

#include "quantconf/value.hpp"

namespace quantconf::format {

/// What is shown instead of a secret that stands in the configuration itself.
inline constexpr std::string_view kPlainTextSecret = "<plain text, not shown>";

/// The reference of a secret, or kPlainTextSecret; empty if no secret is configured.
[[nodiscard]] std::string_view shown_secret(const Value& value);

}  // namespace quantconf::format
