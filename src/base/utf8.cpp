#include "base/utf8.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace quantconf {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

constexpr std::array<Range, 11> kInvisible{{
    {0x0000, 0x001F},  // C0, tab and line ends included: they move the cursor.
    {0x007F, 0x009F},  // DEL and C1.
    {0x00AD, 0x00AD},  // Soft hyphen.
    {0x061C, 0x061C},  // Arabic letter mark.
    {0x180E, 0x180E},
    {0x200B, 0x200F},  // Zero width, left-to-right and right-to-left marks.
    {0x2028, 0x202E},  // Line and paragraph separators, bidirectional embeddings and overrides.
    {0x2060, 0x206F},  // Word joiner, bidirectional isolates, deprecated format characters.
    {0xFEFF, 0xFEFF},
    {0xFFF9, 0xFFFB},
    {0xE0000, 0xE007F},  // Tags.
}};

constexpr std::array<Range, 7> kCombining{{
    {0x0300, 0x036F},
    {0x0483, 0x0489},
    {0x0591, 0x05BD},
    {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF},
    {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F},
}};

constexpr std::array<Range, 9> kWide{{
    {0x1100, 0x115F},    // Hangul Jamo.
    {0x2E80, 0x303E},    // CJK radicals and punctuation.
    {0x3041, 0xA4CF},    // Kana, CJK, Yi.
    {0xAC00, 0xD7A3},    // Hangul.
    {0xF900, 0xFAFF},    // CJK compatibility.
    {0xFE30, 0xFE6F},    // CJK compatibility forms.
    {0xFF00, 0xFF60},    // Full width forms.
    {0x1F300, 0x1FAFF},  // Emoji.
    {0x20000, 0x3FFFD},  // CJK extensions.
}};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t code_point) {
    return std::ranges::any_of(ranges, [code_point](const Range& range) {
        return range.first <= code_point && code_point <= range.last;
    });
}

/// Length that the first byte announces; 0 if no character begins with it.
std::uint32_t announced_length(unsigned char first) {
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

}  // namespace

Character character_at(std::string_view text, std::size_t offset) {
    if (offset >= text.size()) {
        return {};
    }
    const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char first = byte(offset);
    const std::uint32_t length = announced_length(first);
    const Character invalid{.code_point = 0xFFFD, .length = 1, .is_valid = false};
    if (length == 0 || text.size() - offset < length) {
        return invalid;
    }
    if (length == 1) {
        return {.code_point = first, .length = 1, .is_valid = true};
    }
    char32_t code_point = first & (0xFFU >> (length + 1));
    for (std::uint32_t i = 1; i < length; ++i) {
        const unsigned char next = byte(offset + i);
        if ((next & 0xC0U) != 0x80U) {
            return invalid;
        }
        code_point = (code_point << 6U) | (next & 0x3FU);
    }
    const bool is_overlong = (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
    const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (is_overlong || is_surrogate || code_point > 0x10FFFF) {
        return invalid;
    }
    return {.code_point = code_point, .length = length, .is_valid = true};
}

bool begins_code_point(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::uint32_t count_code_points(std::string_view text) {
    return static_cast<std::uint32_t>(std::ranges::count_if(text, begins_code_point));
}

void append_utf8(std::string& text, char32_t code_point) {
    const auto put = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0 | (code_point >> 6U));
        put(0x80 | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        put(0xE0 | (code_point >> 12U));
        put(0x80 | ((code_point >> 6U) & 0x3FU));
        put(0x80 | (code_point & 0x3FU));
    } else {
        put(0xF0 | (code_point >> 18U));
        put(0x80 | ((code_point >> 12U) & 0x3FU));
        put(0x80 | ((code_point >> 6U) & 0x3FU));
        put(0x80 | (code_point & 0x3FU));
    }
}

bool is_visible(char32_t code_point) {
    return !contains(kInvisible, code_point);
}

unsigned display_width(char32_t code_point) {
    if (code_point < 0x300) {
        return 1;
    }
    if (contains(kCombining, code_point)) {
        return 0;
    }
    return contains(kWide, code_point) ? 2 : 1;
}

std::string escape_of(const Character& character, unsigned char first_byte) {
    if (!character.is_valid) {
        return fmt::format("\\x{:02x}", first_byte);
    }
    switch (character.code_point) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            break;
    }
    const auto number = static_cast<std::uint32_t>(character.code_point);
    if (number < 0x80) {
        return fmt::format("\\x{:02x}", number);
    }
    return number <= 0xFFFF ? fmt::format("\\u{:04x}", number) : fmt::format("\\U{:08x}", number);
}

std::string escaped(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        if (character.is_valid && is_visible(character.code_point)) {
            result.append(text.substr(at, character.length));
        } else {
            result += escape_of(character, static_cast<unsigned char>(text[at]));
        }
        at += character.length;
    }
    return result;
}

}  // namespace quantconf
