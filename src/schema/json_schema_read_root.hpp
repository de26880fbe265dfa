#pragma once

#include "quantconf/schema.hpp"
#include "schema/json_schema_keywords.hpp"
#include "schema/json_schema_reading.hpp"

namespace quantconf::schema {

/// What belongs to a schema as a whole: $schema, $id, title, description and the x-quantconf at the root.
[[nodiscard]] SchemaOptions read_root(Reading& reading, const Keywords& keywords);

}  // namespace quantconf::schema
