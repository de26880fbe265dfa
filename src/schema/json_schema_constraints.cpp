#include "schema/json_schema_constraints.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "schema/json_schema_patterns.hpp"
#include "schema/pattern.hpp"
#include "value/units.hpp"

namespace quantconf::schema {

namespace {

template <typename T>
std::optional<T> number_of(const value::Node& node) {
    if (node.kind != value::NodeKind::Scalar || node.is_quoted()) {
        return std::nullopt;
    }
    T number{};
    const std::string_view text = node.scalar();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

/// `minimum` or `exclusiveMinimum`, as one bound and whether it belongs to the range.
void read_edge(Reading& reading, const Keywords& keywords, Field& field, std::string_view path,
               std::pair<std::string_view, std::string_view> names, std::optional<Bound>& bound,
               bool& is_exclusive) {
    const value::Node* inclusive = keywords.find(names.first);
    const value::Node* exclusive = keywords.find(names.second);
    if (inclusive != nullptr && exclusive != nullptr) {
        reading.wrong(exclusive->origin(), path,
                      fmt::format("{} and {} stand in one schema", names.first, names.second),
                      "keep the one that is meant");
    }
    if (inclusive != nullptr) {
        bound = read_bound(reading, *inclusive, field, path, names.first);
    } else if (exclusive != nullptr) {
        bound = read_bound(reading, *exclusive, field, path, names.second);
        is_exclusive = bound.has_value();
    }
}

void read_names(Reading& reading, const value::Node& node, Field& field, std::string_view path) {
    if (!reading.is_list(node, path, "enum")) {
        return;
    }
    for (const value::Node& item : node.list()) {
        if (item.kind == value::NodeKind::Scalar && item.is_null() && field.nullable) {
            continue;
        }
        if (!is_text(item)) {
            reading.unexpected(item, path, "enum", "texts only");
            continue;
        }
        field.names.emplace_back(item.scalar());
    }
    if (field.names.empty() && node.list().empty()) {
        reading.wrong(node.origin(), path, "enum: expected at least one text");
    }
}

/// A number that may have one value only is a number with two equal bounds.
void read_const(Reading& reading, const value::Node& node, Field& field, std::string_view path) {
    if (field.type != Type::Enum) {
        field.options.min = read_bound(reading, node, field, path, "const");
        field.options.max = field.options.min;
    } else if (const auto text = reading.text(node, path, "const")) {
        field.names = {*text};
    }
}

void read_pattern(Reading& reading, const value::Node& node, Field& field, std::string_view path) {
    const auto text = reading.text(node, path, "pattern");
    if (!text || *text == syntax_pattern(field)) {
        return;  // What the type itself demands, for the eyes of other validators.
    }
    if (field.type != Type::String) {
        reading.wrong(node.origin(), path,
                      fmt::format("pattern says nothing about a field of type {}", name_of(field.type)),
                      "this type has a syntax of its own");
        return;
    }
    field.options.pattern = to_whole_match(*text);
    if (std::string error; !valid_pattern(*text, error)) {
        reading.wrong(node.origin(), path, fmt::format("pattern: {}", error),
                      "patterns are RE2: no lookahead, no back references");
        field.options.pattern.clear();
    }
}

void read_length(Reading& reading, const Keywords& keywords, std::string_view path, std::string_view name,
                 std::optional<std::uint32_t>& length) {
    if (const value::Node* node = keywords.find(name)) {
        length = reading.count(*node, path, name);
    }
}

}  // namespace

std::optional<Bound> read_bound(Reading& reading, const value::Node& node, const Field& field,
                                std::string_view path, std::string_view what) {
    switch (field.type) {
        case Type::Duration:
            if (const auto duration = value::parse_duration(is_text(node) ? node.scalar() : "")) {
                return Bound{*duration};
            }
            reading.unexpected(node, path, what, "a duration such as \"30s\"");
            return std::nullopt;
        case Type::Size:
            if (const auto size = value::parse_size(is_text(node) ? node.scalar() : "")) {
                return Bound{*size};
            }
            reading.unexpected(node, path, what, "a size such as \"512MiB\"");
            return std::nullopt;
        case Type::Float:
            if (const auto number = number_of<double>(node); number && std::isfinite(*number)) {
                return Bound{*number};
            }
            reading.unexpected(node, path, what, "a number");
            return std::nullopt;
        default:
            if (const auto number = number_of<std::int64_t>(node)) {
                return Bound{*number};
            }
            if (const auto number = number_of<std::uint64_t>(node)) {
                return Bound{*number};
            }
            reading.unexpected(node, path, what, "a whole number");
            return std::nullopt;
    }
}

void read_constraints(Reading& reading, const Keywords& keywords, Field& field, std::string_view path) {
    Options& options = field.options;
    if (field.type == Type::Integer) {
        field.type_min = std::numeric_limits<std::int64_t>::min();
        field.type_max = std::numeric_limits<std::uint64_t>::max();
    }
    if (const value::Node* node = keywords.find("enum"); node != nullptr && field.type == Type::Enum) {
        read_names(reading, *node, field, path);
    }
    if (const value::Node* node = keywords.find("const")) {
        read_const(reading, *node, field, path);
    }
    const bool is_number =
        field.type == Type::Integer || field.type == Type::Float || field.type == Type::Port;
    if (is_number) {
        read_edge(reading, keywords, field, path, {"minimum", "exclusiveMinimum"}, options.min,
                  options.exclusive_min);
        read_edge(reading, keywords, field, path, {"maximum", "exclusiveMaximum"}, options.max,
                  options.exclusive_max);
    }
    for (const std::string_view name : {"minLength", "minItems", "minProperties"}) {
        read_length(reading, keywords, path, name, options.min_length);
    }
    for (const std::string_view name : {"maxLength", "maxItems", "maxProperties"}) {
        read_length(reading, keywords, path, name, options.max_length);
    }
    if (const value::Node* node = keywords.find("pattern")) {
        read_pattern(reading, *node, field, path);
    }
}

}  // namespace quantconf::schema
