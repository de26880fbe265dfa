#pragma once

#include <optional>
#include <string_view>

#include "quantconf/field.hpp"
#include "schema/json_schema_keywords.hpp"
#include "schema/json_schema_reading.hpp"

namespace quantconf::schema {

/// The type of a field and whether null is a value, from type, enum, const, format and the marks under
/// x-quantconf. Nothing, and reported, where that is no type of ours.
[[nodiscard]] bool read_type(Reading& reading, const Keywords& keywords, const value::Node& node,
                             bool is_root, Field& field, std::string_view path);

/// Names, bounds, lengths and patterns of a field whose type is known and whose x-quantconf has been read.
void read_constraints(Reading& reading, const Keywords& keywords, Field& field, std::string_view path);

/// A bound in the unit of the field: a number, "30s", "512MiB".
[[nodiscard]] std::optional<Bound> read_bound(Reading& reading, const value::Node& node, const Field& field,
                                              std::string_view path, std::string_view what);

/// Everything under x-quantconf of a field but its kind.
void read_extension(Reading& reading, const Keywords& keywords, Field& field, std::string_view path);

}  // namespace quantconf::schema
