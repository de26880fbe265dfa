#pragma once

#include "quantconf/field.hpp"
#include "quantconf/value.hpp"

namespace quantconf {
class JsonWriter;
}

namespace quantconf::schema {

/// Whether `fallback` is something to show: not a secret, not the struct's own value of a required field, and
/// not what the members of a section say themselves.
[[nodiscard]] bool has_written_default(const Field& field, const Value& fallback);

/// A value as it would stand in a layer; secrets are left out.
void write_value(JsonWriter& json, const Field& field, const Value& value);

/// `"examples": [...]`, or nothing. Numbers and booleans as such, everything else as text.
void write_examples(JsonWriter& json, const Field& field);

}  // namespace quantconf::schema
