#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/scalar.hpp"
#include "schema/scalar_report.hpp"

namespace quantconf::schema {

namespace {

/// Exactly the spellings of YAML 1.2.
std::optional<bool> parse_yaml(std::string_view text) {
    if (text == "true" || text == "True" || text == "TRUE") {
        return true;
    }
    if (text == "false" || text == "False" || text == "FALSE") {
        return false;
    }
    return std::nullopt;
}

bool is_any_of(std::string_view text, std::span<const std::string_view> words) {
    constexpr std::size_t kWordMax = 5;
    return text.size() <= kWordMax && std::ranges::find(words, ascii_lower(text)) != words.end();
}

/// What people write in a shell, in any case.
std::optional<bool> parse_word(std::string_view text) {
    static constexpr std::array<std::string_view, 4> kTrue{"true", "1", "yes", "on"};
    static constexpr std::array<std::string_view, 4> kFalse{"false", "0", "no", "off"};
    if (is_any_of(text, kTrue)) {
        return true;
    }
    if (is_any_of(text, kFalse)) {
        return false;
    }
    return std::nullopt;
}

/// The boolean that somebody had in mind who wrote "y" or "yes" in a file.
std::optional<bool> guess(std::string_view text) {
    if (is_any_of(text, std::array<std::string_view, 2>{"y", "t"})) {
        return true;
    }
    if (is_any_of(text, std::array<std::string_view, 2>{"n", "f"})) {
        return false;
    }
    return parse_word(text);
}

}  // namespace

Value type_boolean(const Scalar& scalar) {
    const bool is_verbatim = scalar.node.style == value::Style::Verbatim;
    const auto boolean = is_verbatim ? parse_word(scalar.text()) : parse_yaml(scalar.text());
    if (boolean) {
        return Value::boolean(*boolean, &scalar.node);
    }
    const std::string expected = expected_text(scalar.field);
    const auto meant = guess(scalar.text());
    if (!meant) {
        return refuse(scalar, {.code = Code::WrongType, .expected = expected});
    }
    std::string hint = may_quote(scalar) ? fmt::format("write {}", *meant) : std::string{};
    return refuse(scalar, {.code = Code::BooleanSpelling, .expected = expected, .hint = std::move(hint)});
}

}  // namespace quantconf::schema
