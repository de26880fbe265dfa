#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace quantconf::quota {

/// Reads a date of HTTP in any of the three forms of RFC 9110, section 5.6.7:
///
///     Sun, 06 Nov 1994 08:49:37 GMT
///     Sunday, 06-Nov-94 08:49:37 GMT
///     Sun Nov  6 08:49:37 1994
///
/// A weekday must be one, but need not be the right one. A year of two digits is the one nearest to `now`
/// that is not more than fifty years ahead. A leap second is the second after it.
[[nodiscard]] std::optional<Time> parse_http_date(std::string_view text, Time now);

}  // namespace quantconf::quota
