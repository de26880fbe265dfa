#include "format/edit_meaning.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "value/units.hpp"

namespace quantconf::format {

using value::Node;
using value::NodeKind;

namespace {

/// A number without a plus and without underscores, which only stand between digits; nothing for anything
/// unusual.
std::optional<std::string> tidy_number(std::string_view text) {
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) {
            return std::nullopt;
        }
    }
    const auto is_digit = [&](std::size_t at) {
        return at < text.size() && text[at] >= '0' && text[at] <= '9';
    };
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '_') {
            plain += text[at];
        } else if (at == 0 || !is_digit(at - 1) || !is_digit(at + 1)) {
            return std::nullopt;
        }
    }
    const std::size_t first = plain.starts_with('-') ? 1 : 0;
    const bool is_padded =
        plain.size() > first + 1 && plain[first] == '0' && plain[first + 1] >= '0' && plain[first + 1] <= '9';
    return is_padded ? std::nullopt : std::optional{plain};
}

template <typename T>
std::optional<T> whole(std::string_view text, int base = 10) {
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

template <typename T>
bool says_whole(std::string_view text, T wanted) {
    if (text.starts_with("0x") || text.starts_with("0o")) {
        return !text.substr(2).starts_with('-') &&
               whole<T>(text.substr(2), text[1] == 'x' ? 16 : 8) == wanted;
    }
    const auto plain = tidy_number(text);
    return plain && whole<T>(*plain) == wanted;
}

bool says_number(std::string_view text, double wanted) {
    if (!std::isfinite(wanted)) {
        return text == value::to_text(wanted);
    }
    constexpr auto kExact = std::int64_t{1}
                            << 53U;  // 2^53: beyond, a number without a point is refused by typing.
    const auto plain = tidy_number(text);
    if (!plain || plain->find_first_not_of("0123456789+-.eE") != std::string::npos) {
        return false;
    }
    double number = 0;
    const auto [end, error] = std::from_chars(plain->data(), plain->data() + plain->size(), number);
    const bool is_whole = plain->find_first_of(".eE") == std::string::npos;
    const auto exact = is_whole ? whole<std::int64_t>(*plain) : 0;
    return error == std::errc{} && end == plain->data() + plain->size() && number == wanted &&
           std::signbit(number) == std::signbit(wanted) && exact && *exact <= kExact && *exact >= -kExact;
}

/// The text that a string field makes of what is written; nothing if it depends on other values.
std::optional<std::string> unescaped(std::string_view written) {
    std::string text;
    if (written.starts_with("SECURE:")) {
        if (!written.starts_with("SECURE::")) {
            return std::nullopt;
        }
        text = "SECURE:";
        written.remove_prefix(8);
    }
    for (std::size_t at = 0; at < written.size(); ++at) {
        if (written[at] == '$' && at + 1 < written.size()) {
            if (written[at + 1] == '{') {
                return std::nullopt;
            }
            at += written[at + 1] == '$' ? 1U : 0U;
        }
        text += written[at];
    }
    return text;
}

bool says_text(const Node& node, std::string_view wanted) {
    const auto text = unescaped(node.scalar());
    return text && *text == wanted;
}

bool says_scalar(const Node& node, const Value& value) {
    const std::string_view text = node.scalar();
    const bool is_plain = !node.is_quoted();
    switch (value.kind()) {
        case Value::Kind::Boolean:
            return is_plain && (value.as_boolean() ? text == "true" || text == "True" || text == "TRUE"
                                                   : text == "false" || text == "False" || text == "FALSE");
        case Value::Kind::Integer:
            return is_plain && says_whole<std::int64_t>(text, value.as_integer());
        case Value::Kind::Unsigned:
            return is_plain && says_whole<std::uint64_t>(text, value.as_unsigned());
        case Value::Kind::Float:
            return is_plain && says_number(text, value.as_number());
        case Value::Kind::Text:
            return says_text(node, value.as_text());
        case Value::Kind::Duration:
            return value::parse_duration(text) == value.as_duration();
        case Value::Kind::Size:
            return value::parse_size(text) == value.as_size();
        case Value::Kind::Secret:
            return text == value.secret_reference();
        default:
            return false;
    }
}

bool says_map(const Node& node, const Value& value) {
    if (node.size != value.members().size()) {
        return false;
    }
    std::unordered_map<std::string_view, const Node*> by_key;
    for (const value::Entry& entry : node.map()) {
        by_key.emplace(entry.key(), &entry.value);
    }
    return std::ranges::all_of(value.members(), [&](const Member& member) {
        const auto found = by_key.find(member.name);
        return found != by_key.end() && says(*found->second, member.value);
    });
}

}  // namespace

bool says(const Node& node, const Value& value) {
    if (node.op != value::Operator::None) {
        return false;
    }
    switch (value.kind()) {
        case Value::Kind::Absent:
            return node.is_null();
        case Value::Kind::List:
            return node.kind == NodeKind::List && std::ranges::equal(node.list(), value.items(), says);
        case Value::Kind::Map:
            return node.kind == NodeKind::Map && says_map(node, value);
        default:
            return node.kind == NodeKind::Scalar && !node.is_null() && says_scalar(node, value);
    }
}

bool is_same(const Node& a, const Node& b) {
    if (a.kind != b.kind || a.op != b.op || a.size != b.size) {
        return false;
    }
    switch (a.kind) {
        case NodeKind::Scalar:
            return a.style == b.style && a.scalar() == b.scalar();
        case NodeKind::List:
            return std::ranges::equal(a.list(), b.list(), is_same);
        case NodeKind::Map:
            return std::ranges::equal(a.map(), b.map(), [](const value::Entry& x, const value::Entry& y) {
                return x.key() == y.key() && is_same(x.value, y.value);
            });
    }
    return false;
}

}  // namespace quantconf::format
