#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "format/value_text.hpp"
#include "format/write.hpp"
#include "value/units.hpp"

namespace quantconf::format {

std::string_view shown_secret(const Value& value) {
    if (!value.secret_reference().empty()) {
        return value.secret_reference();
    }
    return value.secret_text(grant_secret_access()).empty() ? std::string_view{} : kPlainTextSecret;
}

std::string to_display(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::Absent:
            return "null";
        case Value::Kind::Invalid:
            return "<invalid>";
        case Value::Kind::Boolean:
            return value.as_boolean() ? "true" : "false";
        case Value::Kind::Integer:
            return fmt::format("{}", value.as_integer());
        case Value::Kind::Unsigned:
            return fmt::format("{}", value.as_unsigned());
        case Value::Kind::Float:
            return value::to_text(value.as_number());
        case Value::Kind::Text:
            return std::string{value.as_text()};
        case Value::Kind::Duration:
            return value::to_text(value.as_duration());
        case Value::Kind::Size:
            return value::to_text(value.as_size());
        case Value::Kind::Secret:
            return std::string{shown_secret(value)};
        case Value::Kind::List:
        case Value::Kind::Map:
            break;
    }
    JsonWriter json{JsonWriter::Layout::Compact};
    write_json(json, value);
    return json.take();
}

}  // namespace quantconf::format
