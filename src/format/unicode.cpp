#include "format/unicode.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <utf8proc.h>

#include "base/utf8.hpp"

namespace quantconf::format {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

struct Named {
    char32_t code_point;
    std::string_view name;
};

/// Blank but not the blank of YAML, or without any width, although Unicode does not call them control
/// characters.
constexpr std::array<Range, 12> kFalseBlanks{{
    {0x00A0, 0x00A0},
    {0x034F, 0x034F},
    {0x115F, 0x1160},
    {0x1680, 0x1680},
    {0x17B4, 0x17B5},
    {0x2000, 0x200A},
    {0x202F, 0x202F},
    {0x205F, 0x205F},
    {0x2800, 0x2800},
    {0x3000, 0x3000},
    {0x3164, 0x3164},
    {0xFFA0, 0xFFA0},
}};

constexpr std::array<Range, 6> kLatin{{
    {'A', 'Z'},
    {'a', 'z'},
    {0x00C0, 0x024F},
    {0x1E00, 0x1EFF},
    {0x2C60, 0x2C7F},
    {0xA720, 0xA7FF},
}};
constexpr std::array<Range, 2> kGreek{{{0x0370, 0x03FF}, {0x1F00, 0x1FFF}}};
constexpr std::array<Range, 4> kCyrillic{
    {{0x0400, 0x052F}, {0x1C80, 0x1C8F}, {0x2DE0, 0x2DFF}, {0xA640, 0xA69F}}};

constexpr std::array<Named, 12> kNames{{
    {0x0085, "next line"},
    {0x00A0, "no-break space"},
    {0x00AD, "soft hyphen"},
    {0x200B, "zero width space"},
    {0x200C, "zero width non-joiner"},
    {0x200D, "zero width joiner"},
    {0x2028, "line separator"},
    {0x2029, "paragraph separator"},
    {0x202F, "narrow no-break space"},
    {0x2060, "word joiner"},
    {0x3000, "ideographic space"},
    {0xFEFF, "byte order mark"},
}};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t code_point) {
    return std::ranges::any_of(ranges, [code_point](const Range& range) {
        return range.first <= code_point && code_point <= range.last;
    });
}

bool is_bidirectional_control(char32_t code_point) {
    return code_point == 0x061C || code_point == 0x200E || code_point == 0x200F ||
           (code_point >= 0x202A && code_point <= 0x202E) || (code_point >= 0x2066 && code_point <= 0x2069);
}

}  // namespace

bool is_deceptive(char32_t code_point) {
    return code_point >= 0x80 && (!is_visible(code_point) || contains(kFalseBlanks, code_point));
}

bool is_foreign_line_break(char32_t code_point) {
    return code_point == 0x85 || code_point == 0x2028 || code_point == 0x2029;
}

std::string name_of(char32_t code_point) {
    const auto number = static_cast<std::uint32_t>(code_point);
    if (is_bidirectional_control(code_point)) {
        return fmt::format("U+{:04X} (bidirectional control)", number);
    }
    const auto* named = std::ranges::find(kNames, code_point, &Named::code_point);
    return named == kNames.end() ? fmt::format("U+{:04X}", number)
                                 : fmt::format("U+{:04X} ({})", number, named->name);
}

bool is_combining(char32_t code_point) {
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(code_point));
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
           category == UTF8PROC_CATEGORY_ME;
}

Script script_of(char32_t code_point) {
    if (contains(kLatin, code_point)) {
        return Script::Latin;
    }
    if (contains(kGreek, code_point)) {
        return Script::Greek;
    }
    return contains(kCyrillic, code_point) ? Script::Cyrillic : Script::Other;
}

bool is_nfc(std::string_view text) {
    utf8proc_uint8_t* normalised = nullptr;
    const utf8proc_ssize_t size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
        &normalised, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner{normalised, &std::free};
    return size >= 0 && std::string_view{reinterpret_cast<const char*>(normalised),
                                         static_cast<std::size_t>(size)} == text;
}

char32_t lower(char32_t code_point) {
    return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code_point)));
}

}  // namespace quantconf::format
