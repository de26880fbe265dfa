#pragma once

#include <string>

#include "quantconf/field.hpp"
#include "schema/json_schema_reading.hpp"
#include "value/node.hpp"

namespace quantconf::schema {

/// The keyword `default`, typed against its field exactly as a user's text would be. The result keeps nothing
/// of the schema file. Invalid, and reported, where it is no value of the field.
[[nodiscard]] Value read_default(Reading& reading, const value::Node& node, const Field& field,
                                 const std::string& path);

/// What a section is when nobody has set anything in it: its members' own defaults, in their order.
[[nodiscard]] Value section_default(Reading& reading, const Field& section,
                                    const std::vector<Value>& members);

}  // namespace quantconf::schema
