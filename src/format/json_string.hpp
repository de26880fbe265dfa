#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quantconf::format {

/// What became of the escapes of a JSON string.
struct JsonString {
    std::string text;     ///< Decoded; filled only if there were escapes.
    std::size_t end = 0;  ///< Of the closing quote, or of the place that is wrong.
    bool has_escapes = false;
    std::string_view expected;  ///< Empty: the string is fine.
};

/// Reads the string whose opening quote stands at byte `begin` of `text`, which is valid UTF-8.
[[nodiscard]] JsonString read_json_string(std::string_view text, std::size_t begin);

}  // namespace quantconf::format
