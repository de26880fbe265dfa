#include "format/key_check.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "format/unicode.hpp"

namespace quantconf::format {
namespace {

bool is_ordinary(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (c >= 'A' && c <= 'Z') || c == '-';
}

KeyFault bad_character(std::string message) {
    return {.code = Code::KeyCharacters,
            .message = std::move(message),
            .hint = "type the key again with visible characters of one script"};
}

std::optional<KeyFault> check_characters(std::string_view key) {
    Script script = Script::Other;
    for (std::size_t at = 0; at < key.size();) {
        const Character character = character_at(key, at);
        const char32_t code_point = character.code_point;
        if (code_point < 0x20 || code_point == 0x7F || is_deceptive(code_point)) {
            return bad_character(
                fmt::format("expected visible characters in a key, found {}", name_of(code_point)));
        }
        if (is_combining(code_point)) {
            return bad_character(fmt::format("expected whole characters in a key, found combining mark {}",
                                             name_of(code_point)));
        }
        const Script here = script_of(code_point);
        if (here != Script::Other && script != Script::Other && here != script) {
            return bad_character(fmt::format("expected letters of one script in a key, found a mixture at {}",
                                             name_of(code_point)));
        }
        script = here == Script::Other ? script : here;
        at += character.length;
    }
    // Only now: normalising a long run of combining marks would take quadratic time.
    if (!is_nfc(key)) {
        return bad_character("expected a key in Unicode normalisation form C, found another form");
    }
    return std::nullopt;
}

}  // namespace

std::optional<KeyFault> check_key(std::string_view key) {
    if (key.empty()) {
        return KeyFault{.code = Code::KeyNotText,
                        .message = "expected a key, found an empty text",
                        .hint = "write a name before the colon"};
    }
    if (key.size() > kKeyBytes) {
        return KeyFault{
            .code = Code::KeyCharacters,
            .message = fmt::format("expected a key of at most {} bytes, found a longer one", kKeyBytes),
            .hint = "is this a value that lost its key?"};
    }
    if (std::ranges::all_of(key, is_ordinary)) {
        return std::nullopt;
    }
    if (key.contains('.')) {
        return KeyFault{
            .code = Code::DottedKey,
            .message = "expected a single name, found a dotted path",
            .hint = fmt::format("a dot does not nest: write {} on a line of its own, then {} indented "
                                "below it",
                                quoted(std::string{key.substr(0, key.find('.'))} + ":"),
                                quoted(std::string{key.substr(key.find('.') + 1)} + ":"))};
    }
    return check_characters(key);
}

}  // namespace quantconf::format
