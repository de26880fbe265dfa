#pragma once

#include <string_view>

namespace quantconf::format {

/// Whether a word is a number of JSON: -? (0 | [1-9][0-9]*) (\. [0-9]+)? ([eE] [-+]? [0-9]+)?
[[nodiscard]] bool is_json_number(std::string_view word);

}  // namespace quantconf::format
