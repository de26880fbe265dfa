#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "quantconf/field.hpp"

namespace quantconf {
class JsonWriter;
}

namespace quantconf::schema {

/// One end of the range that a number field really has: its own bound or that of its C++ type, whichever is
/// tighter.
struct Edge {
    Number number;
    bool exclusive = false;
};

/// Nothing where only the 64 bits of every integer limit it.
[[nodiscard]] std::optional<Edge> lower_edge(const Field& field);
[[nodiscard]] std::optional<Edge> upper_edge(const Field& field);

/// Whether a value below zero can be right.
[[nodiscard]] bool allows_negative(const Field& field);

/// A bound as its field's values are written: a number, "30s", "512MiB".
[[nodiscard]] std::string bound_text(const Field& field, const Number& number);
/// The same as JSON: a number, or a text with a unit.
void write_bound(JsonWriter& json, const Field& field, const Number& number);

}  // namespace quantconf::schema
