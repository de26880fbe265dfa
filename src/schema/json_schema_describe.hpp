#pragma once

#include <string_view>

#include "quantconf/field.hpp"
#include "schema/json_schema_keywords.hpp"
#include "schema/json_schema_reading.hpp"

namespace quantconf::schema {

/// title, description, deprecated and examples.
void read_documentation(Reading& reading, const Keywords& keywords, Field& field, std::string_view path);

/// propertyNames: which keys a map may have.
void read_keys(Reading& reading, const Keywords& keywords, Field& field, std::string_view path);

/// additionalProperties and patternProperties of a section. Unknown keys are always errors, so a schema that
/// allows them asks for something that we do not do.
void check_closed(Reading& reading, const Keywords& keywords, std::string_view path);

/// The list `required` of a section whose members have been read.
void read_required(Reading& reading, const Keywords& keywords, Field& section, std::string_view path);

/// !append and the like belong into layers.
void refuse_operators(Reading& reading, const value::Node& node);

}  // namespace quantconf::schema
