#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "secrets/redact_parameters.hpp"

namespace quantconf::secrets {

/// How a text is looked at when a secret may be written otherwise in it.
enum class Form : std::uint8_t {
    Unescaped,  ///< %XX, JSON's and C's \ escapes and the usual entities of HTML replaced, once.
    Squeezed,   ///< Without blanks, line ends, NUL and characters that nobody sees.
    HexDigits,  ///< Likewise without what stands between bytes in hexadecimal (":", "-", ",", "0x"); lower
                ///< case.
};

/// `text` in that form, in time and space linear in its length.
[[nodiscard]] std::string in_form(Form form, std::string_view text);

/// Ranges of in_form(form, text), in order and without overlaps, become those of `text`. In linear time.
void map_back(Form form, std::string_view text, std::vector<TextRange>& ranges);

}  // namespace quantconf::secrets
