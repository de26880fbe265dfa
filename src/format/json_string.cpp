#include "format/json_string.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/utf8.hpp"

namespace quantconf::format {
namespace {

constexpr std::string_view kEscapes = "\"\\/bfnrt";
constexpr std::string_view kEscaped = "\"\\/\b\f\n\r\t";

bool is_high_surrogate(std::uint32_t unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool is_low_surrogate(std::uint32_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// The four digits of `\uXXXX`, which begins at `at`.
std::optional<std::uint32_t> code_unit(std::string_view text, std::size_t at) {
    if (!text.substr(std::min(at, text.size())).starts_with("\\u") || text.size() - at < 6) {
        return std::nullopt;
    }
    std::uint32_t unit = 0;
    const char* end = text.data() + at + 6;
    const auto [stop, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
    return error == std::errc{} && stop == end ? std::optional{unit} : std::nullopt;
}

/// Appends what `\uXXXX` at `at` means, with the second half of a pair, and returns its length; 0 if it is
/// wrong.
std::size_t append_unicode(std::string_view text, std::size_t at, std::string& result) {
    const auto unit = code_unit(text, at);
    if (!unit || is_low_surrogate(*unit)) {
        return 0;
    }
    if (!is_high_surrogate(*unit)) {
        append_utf8(result, *unit);
        return 6;
    }
    const auto low = code_unit(text, at + 6);
    if (!low || !is_low_surrogate(*low)) {
        return 0;
    }
    append_utf8(result, 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00));
    return 12;
}

}  // namespace

JsonString read_json_string(std::string_view text, std::size_t begin) {
    JsonString result;
    std::size_t copied = begin + 1;
    for (std::size_t at = begin + 1; at < text.size();) {
        const char c = text[at];
        if (c == '"') {
            if (result.has_escapes) {
                result.text += text.substr(copied, at - copied);
            }
            result.end = at + 1;
            return result;
        }
        if (static_cast<unsigned char>(c) < 0x20) {
            result.end = at;
            result.expected =
                c == '\t' ? "\\t instead of a tab in a string" : "a closing quote on the same line";
            return result;
        }
        if (c != '\\') {
            ++at;
            continue;
        }
        result.has_escapes = true;
        result.text += text.substr(copied, at - copied);
        const std::size_t which = at + 1 < text.size() ? kEscapes.find(text[at + 1]) : std::string_view::npos;
        std::size_t length = 2;
        if (which != std::string_view::npos) {
            result.text += kEscaped[which];
        } else {
            length = append_unicode(text, at, result.text);
        }
        if (length == 0) {
            result.end = at;
            result.expected = "an escape of JSON such as \\n, \\\\ or \\u00e9";
            return result;
        }
        at += length;
        copied = at;
    }
    result.end = begin;
    result.expected = "a closing quote";
    return result;
}

}  // namespace quantconf::format
