#pragma once

#include <string>
#include <string_view>

namespace quantconf::format {

/// A character beyond ASCII that cannot be seen, or that looks like a blank and is none.
[[nodiscard]] bool is_deceptive(char32_t code_point);

/// A character that moves to a new line in YAML 1.1 but not in YAML 1.2, nor in most editors.
[[nodiscard]] bool is_foreign_line_break(char32_t code_point);

/// "U+00A0 (no-break space)".
[[nodiscard]] std::string name_of(char32_t code_point);

/// Whether a character only changes the one before it, such as U+0301.
[[nodiscard]] bool is_combining(char32_t code_point);

/// Letters of which two scripts look alike; Other for everything else.
enum class Script { Other, Latin, Greek, Cyrillic };
[[nodiscard]] Script script_of(char32_t code_point);

/// Whether a UTF-8 text is in Unicode normalisation form C.
[[nodiscard]] bool is_nfc(std::string_view text);

/// Lower case of one character.
[[nodiscard]] char32_t lower(char32_t code_point);

}  // namespace quantconf::format
