#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace quantconf {

/// One step through a text. A byte that is not UTF-8 counts as one invalid character of length 1.
struct Character {
    char32_t code_point = 0;
    std::uint32_t length = 0;  ///< In bytes; 0 at the end of the text.
    bool is_valid = false;
};

/// The character at a byte offset. Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] Character character_at(std::string_view text, std::size_t offset);

/// How a column is counted. Every byte that does not continue a character begins one, so any bytes have a
/// count.
[[nodiscard]] bool begins_code_point(char byte);
[[nodiscard]] std::uint32_t count_code_points(std::string_view text);

/// Appends a code point as UTF-8.
void append_utf8(std::string& text, char32_t code_point);

/// Whether a person sees it as what it is: no control, zero-width or bidirectional character.
[[nodiscard]] bool is_visible(char32_t code_point);

/// Columns of a terminal: 0 for combining marks, 2 for most of East Asia and emoji, else 1.
[[nodiscard]] unsigned display_width(char32_t code_point);

/// Safe for a terminal: what is not visible or not UTF-8 becomes "\n", "\x1b" or "\u200b".
[[nodiscard]] std::string escaped(std::string_view text);

/// The escape alone, for one character of `text`.
[[nodiscard]] std::string escape_of(const Character& character, unsigned char first_byte);

}  // namespace quantconf
