#include "format/edit_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "format/edit_plain.hpp"
#include "format/write.hpp"
#include "format/yaml_text.hpp"

namespace quantconf::format {

using value::Style;

namespace {

/// A list on one line may be this long.
constexpr std::size_t kFlowBytesMax = 80;

std::string single_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out.append(c == '\'' ? 2 : 1, c);
    }
    return out + '\'';
}

std::string quoted_text(std::string_view text, const Form& form) {
    if (form.syntax == Syntax::Json) {
        return json_quoted(text);
    }
    if (form.style == Style::SingleQuoted && is_shown_as_it_is(text, /*with_newlines=*/false)) {
        return single_quoted(text);
    }
    if (form.style != Style::DoubleQuoted && form.style != Style::SingleQuoted &&
        may_be_plain(text, form.is_flow)) {
        return std::string{text};
    }
    return yaml_double_quoted(text);
}

/// The shortest text that reads back as the same number. A new one has a point, so that every reader takes it
/// for what it is; one that stood without a point goes on without.
std::string float_text(double number, bool is_whole) {
    constexpr double kExact = 9007199254740992.0;
    if (is_whole && std::trunc(number) == number && std::abs(number) <= kExact &&
        !(number == 0 && std::signbit(number))) {
        return fmt::format("{}", static_cast<std::int64_t>(number));
    }
    std::string text = to_display(Value::number(number));
    const std::size_t exponent = text.find('e');
    if (exponent != std::string::npos && !text.contains('.')) {
        text.insert(exponent, ".0");  // "1e+20" is a text in YAML 1.1.
    }
    return text;
}

bool is_collection(const Value& value) {
    return (value.kind() == Value::Kind::Map && !value.members().empty()) ||
           (value.kind() == Value::Kind::List && !value.items().empty());
}

std::string list_text(const Value& list, const Block& block);

/// What stands behind a dash.
std::string item_text(const Value& item, const Block& block) {
    if (item.kind() == Value::Kind::Map && is_collection(item)) {
        return block_text(item, {.indent = block.indent + 2, .step = block.step, .newline = block.newline});
    }
    return flow_text(item, {});
}

std::string line_break(const Block& block, std::size_t indent) {
    return std::string{block.newline} + std::string(indent, ' ');
}

std::string list_text(const Value& list, const Block& block) {
    std::string out;
    for (const Value& item : list.items()) {
        out += (out.empty() ? "" : line_break(block, block.indent)) + "- " + item_text(item, block);
    }
    return out;
}

}  // namespace

std::string scalar_text(const Value& value, const Form& form) {
    switch (value.kind()) {
        case Value::Kind::Text:
            return quoted_text(escape_references(value.as_text()), form);
        case Value::Kind::Secret:
            return quoted_text(value.secret_reference(), form);
        case Value::Kind::Duration:
        case Value::Kind::Size: {
            // "1h30m" begins with a digit, but nobody takes it for a number.
            const bool is_plain = form.syntax == Syntax::Yaml && form.style != Style::DoubleQuoted &&
                                  form.style != Style::SingleQuoted;
            return is_plain ? to_display(value) : quoted_text(to_display(value), form);
        }
        case Value::Kind::Float:
            return float_text(value.as_number(), form.is_whole);
        default:
            return to_display(value);  // "null", "true", whole numbers, "[]" and "{}".
    }
}

std::string key_text(std::string_view key, const Form& form) {
    return quoted_text(key, {.syntax = form.syntax, .is_flow = true});
}

std::string flow_member(std::string_view key, const Value& value, const Form& form) {
    return key_text(key, form) + (form.is_tight ? ":" : ": ") + flow_text(value, form);
}

std::string flow_text(const Value& value, Form form) {
    if (!is_collection(value)) {
        return scalar_text(value, form);
    }
    form.is_flow = true;
    const std::string_view comma = form.is_tight ? "," : ", ";
    std::string out;
    if (value.kind() == Value::Kind::List) {
        for (const Value& item : value.items()) {
            out += (out.empty() ? std::string_view{} : comma);
            out += flow_text(item, form);
        }
        return "[" + out + "]";
    }
    for (const Member& member : value.members()) {
        out += (out.empty() ? std::string_view{} : comma);
        out += flow_member(member.name, member.value, form);
    }
    return "{" + out + "}";
}

bool wants_block(const Value& value) {
    if (!is_collection(value)) {
        return false;
    }
    return value.kind() == Value::Kind::Map || std::ranges::any_of(value.items(), is_collection) ||
           flow_text(value, {}).size() > kFlowBytesMax;
}

std::string block_text(const Value& value, const Block& block) {
    if (value.kind() == Value::Kind::List) {
        return list_text(value, block);
    }
    std::string out;
    for (const Member& member : value.members()) {
        out += (out.empty() ? "" : line_break(block, block.indent)) +
               block_member(member.name, member.value, block);
    }
    return out;
}

std::string block_member(std::string_view key, const Value& value, const Block& block) {
    const std::string lead = key_text(key, {}) + ":";
    if (!wants_block(value)) {
        return lead + " " + flow_text(value, {});
    }
    const Block inner{.indent = block.indent + block.step, .step = block.step, .newline = block.newline};
    return lead + line_break(inner, inner.indent) + block_text(value, inner);
}

std::optional<BlockScalar> block_scalar(std::string_view text, Style style, const Block& block) {
    BlockScalar result{.chomping = "-", .lines = {}};
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
        result.chomping = "";
    }
    if (text.empty() || text.ends_with('\n') || !is_shown_as_it_is(text, /*with_newlines=*/true)) {
        return std::nullopt;
    }
    const std::string indentation(block.indent, ' ');
    while (true) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        if (line.starts_with(' ') || line.ends_with(' ') || (result.lines.empty() && line.empty())) {
            return std::nullopt;
        }
        // A single line break would be folded into a blank.
        const bool needs_another = style == Style::Folded && !result.lines.empty() && !line.empty();
        result.lines += needs_another ? block.newline : std::string_view{};
        result.lines += line.empty() ? std::string{} : indentation + std::string{line};
        if (end == text.size()) {
            return result;
        }
        result.lines += block.newline;
        text.remove_prefix(end + 1);
    }
}

}  // namespace quantconf::format
