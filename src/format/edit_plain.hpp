#pragma once

#include <string_view>

namespace quantconf::format {

/// Whether a text can stand in YAML without quotes and stay this text: for our parser, for YAML 1.2, and for
/// readers of YAML 1.1, to whom `no` is a boolean, `012` is ten and `12:30` is 750. `is_flow`: between
/// brackets.
[[nodiscard]] bool may_be_plain(std::string_view text, bool is_flow);

/// Whether every character can be seen, so that no escape is needed; newlines only if `with_newlines`.
[[nodiscard]] bool is_shown_as_it_is(std::string_view text, bool with_newlines);

}  // namespace quantconf::format
