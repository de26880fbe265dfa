#include "format/text_check.hpp"

#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "format/unicode.hpp"

namespace quantconf::format {
namespace {

bool is_plain_ascii(unsigned char byte) {
    return (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\r' || byte == '\t';
}

constexpr std::uint64_t each(unsigned char byte) {
    return byte * 0x0101010101010101U;
}

/// 0x80 in each byte of `word` that is `byte`, exactly: no byte borrows from another.
std::uint64_t equal_bytes(std::uint64_t word, unsigned char byte) {
    const std::uint64_t difference = word ^ each(byte);
    return ~(((difference & each(0x7F)) + each(0x7F)) | difference) & each(0x80);
}

/// How many bytes from `at` on are printable ASCII or newlines, counted in words: nearly all of nearly every
/// file.
std::size_t plain_words(std::string_view text, std::size_t at) {
    const std::size_t begin = at;
    for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        const std::uint64_t is_below_space =
            ~((word << 1U) | (word << 2U)) & each(0x80);  // Neither bit 6 nor bit 5.
        const std::uint64_t is_special =
            (is_below_space & ~equal_bytes(word, '\n')) | equal_bytes(word, 0x7F) | (word & each(0x80));
        if (is_special != 0) {
            break;
        }
    }
    return at - begin;
}

bool is_control(char32_t code_point) {
    const bool is_noncharacter =
        (code_point & 0xFFFEU) == 0xFFFE || (code_point >= 0xFDD0 && code_point <= 0xFDEF);
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || is_noncharacter;
}

void report_encoding(std::string_view text, std::size_t at, Report& report) {
    const bool is_utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
    report.add_unprintable({.code = Code::InvalidUtf8,
                            .message = fmt::format("expected UTF-8, found {} at byte offset {}",
                                                   is_utf16 ? "UTF-16" : "an invalid byte", at),
                            .expected = "UTF-8",
                            .found = is_utf16 ? "UTF-16" : "an invalid byte",
                            .hint = "save the file in the encoding UTF-8",
                            .origin = report.at(at, at + 1)});
}

void report_character(Code code, const Character& character, std::size_t at, Report& report) {
    const std::string name = name_of(character.code_point);
    report.add_unprintable({.code = code,
                            .message = fmt::format("expected visible text, found {}", name),
                            .expected = "visible text",
                            .found = name,
                            .hint = "delete it; inside double quotes it can be written as an escape such as "
                                    "\\u0007",
                            .origin = report.at(at, at + character.length)});
}

/// Characters that are wrong wherever they stand. False if the character is one of them.
bool accept(std::string_view text, std::size_t at, const Character& character, Report& report) {
    if (!character.is_valid) {
        report_encoding(text, at, report);
        return false;
    }
    // libyaml ends lines, and so comments, at these: what a person reads as a comment would become a setting.
    if (is_foreign_line_break(character.code_point) || character.code_point == 0xFEFF) {
        report_character(Code::InvisibleCharacter, character, at, report);
        return false;
    }
    if (is_control(character.code_point)) {
        report_character(Code::ControlCharacter, character, at, report);
        return false;
    }
    return true;
}

}  // namespace

std::size_t text_begin(std::string_view text) {
    return text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

TextTraits check_text(const Source& source, Report& report) {
    const std::string_view text = source.text();
    if (text.size() > limits::kFileBytes) {
        report.add({.code = Code::LayerTooLarge,
                    .expected = fmt::format("at most {} bytes", limits::kFileBytes),
                    .found = "more",
                    .hint = "a configuration of this size is usually the wrong file",
                    .origin = report.at(0, 0)});
        return {};
    }
    TextTraits traits;
    for (std::size_t at = text_begin(text); at < text.size();) {
        at += plain_words(text, at);
        if (at == text.size()) {
            break;
        }
        if (is_plain_ascii(static_cast<unsigned char>(text[at]))) {
            ++at;
            continue;
        }
        const Character character = character_at(text, at);
        if (!accept(text, at, character, report)) {
            return traits;
        }
        traits.is_ascii = false;
        traits.has_deceptive = traits.has_deceptive || is_deceptive(character.code_point);
        at += character.length;
    }
    traits.is_acceptable = true;
    return traits;
}

}  // namespace quantconf::format
