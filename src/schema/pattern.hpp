#pragma once

#include <string>
#include <string_view>

namespace quantconf::schema {

/// Whether RE2 understands the pattern and it stays small when compiled. Otherwise `error` says why not.
[[nodiscard]] bool valid_pattern(std::string_view pattern, std::string& error);

/// Whether the pattern matches the whole text, in time linear in its length. The pattern must be valid.
/// Patterns are compiled at their first use and kept. Any thread may call it.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace quantconf::schema
