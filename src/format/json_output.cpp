#include <cmath>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "format/value_text.hpp"
#include "format/write.hpp"

namespace quantconf::format {
namespace {

void append_flat(std::string& out, std::string_view path, const Value& value) {
    if (value.kind() == Value::Kind::Map && !value.members().empty()) {
        for (const Member& member : value.members()) {
            append_flat(out,
                        path.empty() ? std::string{member.name} : fmt::format("{}.{}", path, member.name),
                        member.value);
        }
        return;
    }
    if (path.empty() && value.kind() == Value::Kind::Map) {
        return;
    }
    JsonWriter json{JsonWriter::Layout::Compact};
    write_json(json, value);
    const std::string text = json.take();
    out += path.empty() ? fmt::format("{}\n", text) : fmt::format("{} = {}\n", path, text);
}

}  // namespace

void write_json(JsonWriter& json, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::Absent:
        case Value::Kind::Invalid:
            json.null();
            return;
        case Value::Kind::Boolean:
            json.value(value.as_boolean());
            return;
        case Value::Kind::Integer:
            json.value(value.as_integer());
            return;
        case Value::Kind::Unsigned:
            json.value(value.as_unsigned());
            return;
        case Value::Kind::Float:
            // JSON has no word for infinity; null would say that nothing is set.
            if (!std::isfinite(value.as_number())) {
                json.value(to_display(value));
                return;
            }
            json.value(value.as_number());
            return;
        case Value::Kind::Text:
        case Value::Kind::Duration:
        case Value::Kind::Size:
        case Value::Kind::Secret:
            json.value(to_display(value));
            return;
        case Value::Kind::List:
            json.begin_array();
            for (const Value& item : value.items()) {
                write_json(json, item);
            }
            json.end_array();
            return;
        case Value::Kind::Map:
            json.begin_object();
            for (const Member& member : value.members()) {
                json.key(member.name);
                write_json(json, member.value);
            }
            json.end_object();
            return;
    }
}

std::string to_json(const Value& root) {
    JsonWriter json{JsonWriter::Layout::Pretty};
    write_json(json, root);
    return json.take();
}

std::string to_flat(const Value& root) {
    std::string out;
    append_flat(out, {}, root);
    return out;
}

}  // namespace quantconf::format
