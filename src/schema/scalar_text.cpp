#include "schema/scalar_text.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/pattern.hpp"
#include "schema/scalar_report.hpp"
#include "schema/secret_reference.hpp"

namespace quantconf::schema {

namespace {

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string characters(std::size_t count) {
    return fmt::format("{} character{}", count, count == 1 ? "" : "s");
}

std::string expected_length(const Options& options) {
    if (options.min_length && options.max_length) {
        return fmt::format("{}..{} characters", *options.min_length, *options.max_length);
    }
    return options.min_length ? fmt::format("at least {}", characters(*options.min_length))
                              : fmt::format("at most {}", characters(*options.max_length));
}

bool check_length(const Scalar& scalar, std::string_view text) {
    const Options& options = scalar.field.options;
    if (!options.min_length && !options.max_length) {
        return true;
    }
    const std::size_t length = code_points(text);
    if (length >= options.min_length.value_or(0) && length <= options.max_length.value_or(UINT32_MAX)) {
        return true;
    }
    if (scalar.field.type == Type::Secret) {
        report(scalar, Severity::Error, Code::Length,
               "the secret does not have the length that this field asks for");
    } else {
        static_cast<void>(refuse(
            scalar,
            {.code = Code::Length, .expected = expected_length(options), .found = characters(length)}));
    }
    return false;
}

bool check_pattern(const Scalar& scalar, std::string_view text) {
    const std::string& pattern = scalar.field.options.pattern;
    if (pattern.empty() || matches_pattern(pattern, text)) {
        return true;
    }
    static_cast<void>(refuse(
        scalar, {.code = Code::PatternMismatch, .expected = fmt::format("a text of the form {}", pattern)}));
    return false;
}

}  // namespace

bool check_text(const Scalar& scalar, std::string_view text) {
    if (text.contains('\0')) {
        if (scalar.field.type == Type::Secret) {
            conceal(scalar);
        }
        report(scalar, Severity::Error, Code::EscapedNul, "a text cannot contain the character NUL",
               "take the \\0 out: most programs would end the text there");
        return false;
    }
    return check_length(scalar, text) && check_pattern(scalar, text);
}

void check_comment_tail(const Scalar& scalar) {
    const value::Node& node = scalar.node;
    if (node.source == nullptr || node.source->kind() != Source::Kind::File ||
        node.style != value::Style::Plain) {
        return;
    }
    const std::string_view text = node.source->text();
    const auto hash = text.find_first_not_of(' ', node.end);
    if (hash == std::string_view::npos || hash == node.end || text[hash] != '#') {
        return;
    }
    const auto end = std::min(text.find_first_of("\r\n", hash), text.size());
    // "value # comment" is what everybody writes; "value #x" may be half a password.
    if (hash + 1 == end || text[hash + 1] == ' ' || text[hash + 1] == '\t') {
        return;
    }
    if (scalar.field.type == Type::Secret) {
        scalar.typing.secrets.push_back({.source = node.source,
                                         .begin = static_cast<std::uint32_t>(hash),
                                         .end = static_cast<std::uint32_t>(end)});
    }
    Diagnostic& diagnostic =
        report(scalar, Severity::Warning, Code::LostCommentTail,
               "the value ends before the #, the rest is a comment",
               "put the value in quotes if the # belongs to it, else write a space behind the #");
    diagnostic.origin.begin = static_cast<std::uint32_t>(hash);
    diagnostic.origin.end = static_cast<std::uint32_t>(end);
}

Value type_string(const Scalar& scalar) {
    std::string_view text = scalar.text();
    if (text.starts_with(kSecretEscape)) {
        text =
            scalar.typing.arena.copy(fmt::format("{}{}", kSecretPrefix, text.substr(kSecretEscape.size())));
    }
    return check_text(scalar, text) ? Value::text(text, &scalar.node) : Value::invalid(&scalar.node);
}

Value type_enum(const Scalar& scalar) {
    const auto& names = scalar.field.names;
    if (std::ranges::find(names, scalar.text()) != names.end()) {
        return Value::text(scalar.text(), &scalar.node);
    }
    std::string hint = suggestion(scalar, names);
    const auto same = std::ranges::find(names, ascii_lower(scalar.text()), ascii_lower);
    if (same != names.end()) {
        hint = fmt::format("write {}: capital and small letters differ", *same);
    }
    return refuse(
        scalar, {.code = Code::NotInEnum, .expected = expected_text(scalar.field), .hint = std::move(hint)});
}

}  // namespace quantconf::schema
