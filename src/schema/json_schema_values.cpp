#include "schema/json_schema_values.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_writer.hpp"
#include "value/units.hpp"

namespace quantconf::schema {

namespace {

template <typename T>
std::optional<T> whole_number(std::string_view text) {
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

void write_example(JsonWriter& json, const Field& field, const std::string& example) {
    if (field.type == Type::Boolean && (example == "true" || example == "false")) {
        json.value(example == "true");
        return;
    }
    if (field.type == Type::Integer || field.type == Type::Port || field.type == Type::Float) {
        if (const auto integer = whole_number<std::int64_t>(example)) {
            json.value(*integer);
            return;
        }
        if (const auto number = whole_number<double>(example); number && std::isfinite(*number)) {
            json.value(*number);
            return;
        }
    }
    // Quotes belong to YAML, not to the text.
    const bool is_quoted = example.size() >= 2 && example.starts_with('"') && example.ends_with('"');
    json.value(is_quoted ? std::string_view{example}.substr(1, example.size() - 2)
                         : std::string_view{example});
}

void write_members(JsonWriter& json, const Field& field, const Value& value) {
    json.begin_object();
    for (const auto& [name, member] : value.members()) {
        const Field* member_field = field.type == Type::Map ? &field.element() : field.member(name);
        if (member_field == nullptr || member_field->type == Type::Secret) {
            continue;
        }
        if (member.is_absent() && !member_field->nullable) {
            continue;
        }
        json.key(name);
        write_value(json, *member_field, member);
    }
    json.end_object();
}

}  // namespace

bool has_written_default(const Field& field, const Value& fallback) {
    if (fallback.is_absent() || fallback.is_invalid() || field.options.required ||
        field.type == Type::Secret) {
        return false;
    }
    return field.type != Type::Struct || field.nullable;
}

void write_value(JsonWriter& json, const Field& field, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::Boolean:
            json.value(value.as_boolean());
            break;
        case Value::Kind::Integer:
            json.value(value.as_integer());
            break;
        case Value::Kind::Unsigned:
            json.value(value.as_unsigned());
            break;
        case Value::Kind::Float:
            json.value(value.as_number());
            break;
        case Value::Kind::Text:
            json.value(value.as_text());
            break;
        case Value::Kind::Duration:
            json.value(value::to_text(value.as_duration()));
            break;
        case Value::Kind::Size:
            json.value(value::to_text(value.as_size()));
            break;
        case Value::Kind::List:
            json.begin_array();
            for (const Value& item : value.items()) {
                write_value(json, field.element(), item);
            }
            json.end_array();
            break;
        case Value::Kind::Map:
            write_members(json, field, value);
            break;
        case Value::Kind::Absent:
        case Value::Kind::Invalid:
        case Value::Kind::Secret:
            json.null();
            break;
    }
}

void write_examples(JsonWriter& json, const Field& field) {
    if (field.options.examples.empty()) {
        return;
    }
    json.key("examples").begin_array();
    for (const std::string& example : field.options.examples) {
        write_example(json, field, example);
    }
    json.end_array();
}

}  // namespace quantconf::schema
