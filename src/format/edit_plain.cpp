#include "format/edit_plain.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "format/unicode.hpp"

namespace quantconf::format {
namespace {

/// Words that some YAML takes for a boolean, for null, for a number or for a merge key.
constexpr std::array<std::string_view, 14> kReserved{"y",     "n",    "yes", "no",  "on",  "off",      "true",
                                                     "false", "null", "~",   "inf", "nan", "infinity", "<<"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Could be a number, a date or a time: everything that has only characters of such. A version of three parts
/// or an IP address is not one.
bool looks_like_number(std::string_view text) {
    const std::string_view magnitude = text.substr(text.starts_with('+') || text.starts_with('-') ? 1 : 0);
    if (magnitude.empty()) {
        return true;  // "-" opens a list item.
    }
    if (magnitude.front() == '.' && magnitude.size() > 1 && !is_digit(magnitude[1])) {
        return ascii_lower(magnitude) == ".inf" || ascii_lower(magnitude) == ".nan";
    }
    if (!is_digit(magnitude.front()) && magnitude.front() != '.') {
        return false;
    }
    const bool has_only_dots = magnitude.find_first_not_of("0123456789.") == std::string_view::npos;
    if (has_only_dots && std::ranges::count(magnitude, '.') > 1) {
        return magnitude.contains("..");
    }
    constexpr std::string_view kOfNumbers = "0123456789_.,:+-xXoObBtTzZ aAcCdDeEfF";
    return magnitude.find_first_not_of(kOfNumbers) == std::string_view::npos;
}

bool opens_something(std::string_view text) {
    constexpr std::string_view kIndicators = ",[]{}#&*!|>'\"%@`=?:";
    if (kIndicators.contains(text.front())) {
        return true;
    }
    return text.front() == '-' && (text.size() == 1 || text[1] == ' ' || text.starts_with("---"));
}

}  // namespace

bool is_shown_as_it_is(std::string_view text, bool with_newlines) {
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        const char32_t code_point = character.code_point;
        const bool is_noncharacter =
            (code_point & 0xFFFEU) == 0xFFFE || (code_point >= 0xFDD0 && code_point <= 0xFDEF);
        const bool is_newline = with_newlines && code_point == '\n';
        if (!character.is_valid || is_noncharacter || is_deceptive(code_point) ||
            (!is_visible(code_point) && !is_newline)) {
            return false;
        }
        at += character.length;
    }
    return true;
}

bool may_be_plain(std::string_view text, bool is_flow) {
    if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':' ||
        opens_something(text) || text.starts_with("...") || looks_like_number(text) ||
        !is_shown_as_it_is(text, /*with_newlines=*/false)) {
        return false;
    }
    if (text.contains(": ") || text.contains(" #") ||
        (is_flow && text.find_first_of(",[]{}?") != std::string_view::npos)) {
        return false;
    }
    return std::ranges::find(kReserved, ascii_lower(text)) == kReserved.end();
}

}  // namespace quantconf::format
