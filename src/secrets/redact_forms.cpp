#include "secrets/redact_forms.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace quantconf::secrets {
namespace {

/// What the next bytes of a text stand for.
struct Unit {
    std::size_t length = 1;  ///< So many bytes of the text...
    std::string bytes = {};  ///< ... are these: never more than four, so that nothing is allocated.
};

int digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The number that `count` hexadecimal digits at the front make; nothing if there are fewer.
std::optional<char32_t> hex_number(std::string_view text, std::size_t count) {
    char32_t number = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (i >= text.size() || digit(text[i]) < 0) {
            return std::nullopt;
        }
        number = number * 16 + static_cast<char32_t>(digit(text[i]));
    }
    return number;
}

std::string utf8_of(char32_t code_point) {
    std::string bytes;
    const bool is_character = code_point < 0xD800 || (code_point >= 0xE000 && code_point <= 0x10FFFF);
    append_utf8(bytes, is_character ? code_point : U'\uFFFD');
    return bytes;
}

/// "\u002B", or a pair of surrogates.
std::optional<Unit> unicode_escape(std::string_view text) {
    const auto unit = hex_number(text.substr(2), 4);
    if (!unit) {
        return std::nullopt;
    }
    if (*unit >= 0xD800 && *unit < 0xDC00 && text.substr(6).starts_with("\\u")) {
        if (const auto low = hex_number(text.substr(8), 4); low && *low >= 0xDC00 && *low < 0xE000) {
            return Unit{12, utf8_of(0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00))};
        }
    }
    return Unit{6, utf8_of(*unit)};
}

std::optional<Unit> backslash_escape(std::string_view text) {
    if (text.size() < 2) {
        return std::nullopt;
    }
    constexpr std::string_view kNames = "/\"\\'bfnrt";
    constexpr std::string_view kMeanings = "/\"\\'\b\f\n\r\t";
    if (const std::size_t at = kNames.find(text[1]); at != std::string_view::npos) {
        return Unit{2, {kMeanings[at]}};
    }
    if (text[1] == 'u') {
        return unicode_escape(text);
    }
    const auto byte = text[1] == 'x' ? hex_number(text.substr(2), 2) : std::nullopt;
    return byte ? std::optional{Unit{4, {static_cast<char>(*byte)}}} : std::nullopt;
}

/// "&#43;", "&#x2B;", and by name what a key may have.
std::optional<Unit> entity(std::string_view text) {
    constexpr std::size_t kLengthMax = 10;  // "&#x10FFFF;"
    const std::size_t end = text.substr(0, kLengthMax).find(';');
    if (end == std::string_view::npos || end < 2) {
        return std::nullopt;
    }
    std::string_view name = text.substr(1, end - 1);
    if (name.front() == '#') {
        name.remove_prefix(1);
        const bool is_hex = name.starts_with('x') || name.starts_with('X');
        name.remove_prefix(is_hex ? 1 : 0);
        char32_t number = 0;
        for (const char c : name) {
            if (digit(c) < 0 || (!is_hex && digit(c) > 9)) {
                return std::nullopt;
            }
            number = number * (is_hex ? 16 : 10) + static_cast<char32_t>(digit(c));
        }
        return name.empty() ? std::nullopt : std::optional{Unit{end + 1, utf8_of(number)}};
    }
    struct Name {
        std::string_view name;
        char meaning;
    };
    constexpr auto kNames = std::to_array<Name>({{"amp", '&'},
                                                 {"lt", '<'},
                                                 {"gt", '>'},
                                                 {"quot", '"'},
                                                 {"apos", '\''},
                                                 {"plus", '+'},
                                                 {"sol", '/'},
                                                 {"equals", '='}});
    const auto* const known = std::ranges::find(kNames, name, &Name::name);
    return known == kNames.end() ? std::nullopt : std::optional{Unit{end + 1, {known->meaning}}};
}

Unit unescaped(std::string_view text) {
    std::optional<Unit> escape;
    if (text.front() == '%') {
        if (const auto byte = hex_number(text.substr(1), 2)) {
            escape = Unit{3, {static_cast<char>(*byte)}};
        }
    } else if (text.front() == '\\') {
        escape = backslash_escape(text);
    } else if (text.front() == '&') {
        escape = entity(text);
    }
    return escape ? *escape : Unit{1, {text.front()}};
}

/// Zero-width spaces and joiners, directions, word joiner, soft hyphen, byte order mark, as UTF-8.
std::size_t invisible_length(std::string_view text) {
    if (text.starts_with("\xC2\xAD")) {
        return 2;
    }
    if (text.size() < 3) {
        return 0;
    }
    const auto last = static_cast<unsigned char>(text[2]);
    const bool is_invisible = text.starts_with("\xEF\xBB\xBF") ||
                              (text.starts_with("\xE2\x80") && last >= 0x8B && last <= 0x8F) ||
                              (text.starts_with("\xE2\x81") && last >= 0xA0 && last <= 0xA4);
    return is_invisible ? 3 : 0;
}

bool is_gap(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

Unit squeezed(std::string_view text) {
    if (is_gap(text.front())) {
        return {};
    }
    const std::size_t length = invisible_length(text);
    return length > 0 ? Unit{length} : Unit{1, {text.front()}};
}

Unit hex_digits(std::string_view text) {
    constexpr std::string_view kBetween = ":-,";
    if (kBetween.contains(text.front())) {
        return {};
    }
    if (text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x' && digit(text[2]) >= 0) {
        return {2};
    }
    Unit unit = squeezed(text);
    unit.bytes = ascii_lower(unit.bytes);
    return unit;
}

Unit next(Form form, std::string_view text) {
    switch (form) {
        case Form::Unescaped:
            return unescaped(text);
        case Form::Squeezed:
            return squeezed(text);
        case Form::HexDigits:
            return hex_digits(text);
    }
    return {text.size()};
}

}  // namespace

std::string in_form(Form form, std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const Unit unit = next(form, text);
        result += unit.bytes;
        text.remove_prefix(unit.length);
    }
    return result;
}

void map_back(Form form, std::string_view text, std::vector<TextRange>& ranges) {
    auto range = ranges.begin();
    std::size_t written = 0;
    bool is_inside = false;
    for (std::size_t at = 0; at < text.size() && range != ranges.end();) {
        const Unit unit = next(form, text.substr(at));
        written += unit.bytes.size();
        while (range != ranges.end()) {
            if (!is_inside && range->begin < written) {
                range->begin = at;
                is_inside = true;
            }
            if (!is_inside || range->end > written) {
                break;
            }
            range->end = at + unit.length;
            is_inside = false;
            ++range;
        }
        at += unit.length;
    }
}

}  // namespace quantconf::secrets
