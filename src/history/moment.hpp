#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace quantconf::history {

/// Reads a moment as people and order logs write it: RFC 3339 with at most nine decimals, or a whole number
/// since 1970-01-01T00:00:00Z, whose count of digits says of what:
///
/// | digits | unit | from | to |
/// |---|---|---|---|
/// | 10 | seconds | 2001-09-09 | 2286-11-20 |
/// | 13 | milliseconds | 2001-09-09 | 2286-11-20 |
/// | 16 | microseconds | 2001-09-09 | 2286-11-20 |
/// | 19 | nanoseconds | 2001-09-09 | 2262-04-11 |
///
/// Any other number could mean two things and is refused. What is finer than a microsecond is dropped, so
/// that the moment lies before the one that was given and never after it. The error says what is wrong.
[[nodiscard]] std::expected<Time, std::string> parse_moment(std::string_view text);

}  // namespace quantconf::history
