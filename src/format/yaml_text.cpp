#include "format/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "format/unicode.hpp"

namespace quantconf::format {
namespace {

/// Words that some YAML takes for a boolean, for null or for a number.
constexpr std::array<std::string_view, 12> kReserved{"y",    "n",     "yes",  "no",  "on",  "off",
                                                     "true", "false", "null", "inf", "nan", "infinity"};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A few characters are enough for most words, names, URLs and paths; everything else is quoted.
bool is_plain(std::string_view text) {
    if (text.empty() || (!is_letter(text.front()) && text.front() != '_' && text.front() != '/') ||
        text.back() == ' ' || text.back() == ':') {
        return false;
    }
    const std::string lower = ascii_lower(text);
    if (std::ranges::find(kReserved, lower) != kReserved.end()) {
        return false;
    }
    constexpr std::string_view kHarmless = " _-./:@+=%~()";
    const bool is_harmless = std::ranges::all_of(
        text, [&](char c) { return is_letter(c) || is_digit(c) || kHarmless.contains(c); });
    return is_harmless && !text.contains(": ") && !text.contains("  ");
}

void append_escaped(std::string& out, std::string_view text, const Character& character, std::size_t at) {
    const auto number = static_cast<std::uint32_t>(character.code_point);
    if (text[at] == '"' || text[at] == '\\') {
        out += '\\';
        out += text[at];
    } else if (text[at] == '\n') {
        out += "\\n";
    } else if (number < 0x100) {
        out += fmt::format("\\x{:02x}", number);
    } else {
        out += number <= 0xFFFF ? fmt::format("\\u{:04x}", number) : fmt::format("\\U{:08x}", number);
    }
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
    return is_plain(text) ? std::string{text} : yaml_double_quoted(text);
}

std::string yaml_double_quoted(std::string_view text) {
    std::string out = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        const char32_t code_point = character.code_point;
        const bool is_noncharacter =
            (code_point & 0xFFFEU) == 0xFFFE || (code_point >= 0xFDD0 && code_point <= 0xFDEF);
        const bool is_shown = character.is_valid && is_visible(code_point) && !is_deceptive(code_point) &&
                              !is_noncharacter && text[at] != '"' && text[at] != '\\';
        if (is_shown) {
            out += text.substr(at, character.length);
        } else {
            append_escaped(out, text, character, at);
        }
        at += character.length;
    }
    return out + '"';
}

std::string escape_references(std::string_view text) {
    constexpr std::string_view kSecretPrefix = "SECURE:";
    std::string out;
    if (text.starts_with(kSecretPrefix)) {
        out = "SECURE::";
        text.remove_prefix(kSecretPrefix.size());
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        out += text[at];
        if (text[at] == '$' && at + 1 < text.size() && (text[at + 1] == '$' || text[at + 1] == '{')) {
            out += '$';
        }
    }
    return out;
}

}  // namespace quantconf::format
