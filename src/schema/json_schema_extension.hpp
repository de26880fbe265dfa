#pragma once

#include <string_view>

#include "quantconf/schema.hpp"

namespace quantconf {
class JsonWriter;
}

/// The keyword `x-quantconf`: what JSON Schema has no word for. docs/schema.md describes its members.
namespace quantconf::schema {

/// "duration", "size", ...; empty for types that JSON Schema knows itself, and for secrets, which have a mark
/// of their own.
[[nodiscard]] std::string_view kind_of(Type type) noexcept;
/// "replace", "append", "unique", "by_key".
[[nodiscard]] std::string_view name_of(ListMerge merge) noexcept;

/// `"x-quantconf": {...}` of one field; nothing where there is nothing to say.
void write_extension(JsonWriter& json, const Field& field);
/// The one at the root of the schema.
void write_extension(JsonWriter& json, const SchemaOptions& options);

}  // namespace quantconf::schema
