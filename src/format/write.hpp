#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "quantconf/value.hpp"

namespace quantconf {
class JsonWriter;
}

namespace quantconf::format {

/// A comment to put behind a leaf, such as where it came from. Empty: none.
using CommentFor = std::function<std::string(std::string_view path, const Value& value)>;

/// Effective values as YAML that our own parser reads back as the same values. Texts that could be taken for
/// something else are quoted. Absent values are written as null. Secrets appear as their reference; a plain
/// text as
/// "<plain text, not shown>".
[[nodiscard]] std::string to_yaml(const Value& root, const CommentFor& comment_for = {});
/// The same as JSON, pretty. Durations and sizes are texts with units.
[[nodiscard]] std::string to_json(const Value& root);
/// One `path = value` a line, values as JSON.
[[nodiscard]] std::string to_flat(const Value& root);
/// One value inside a larger JSON text.
void write_json(JsonWriter& json, const Value& value);
/// One scalar as a person reads it in a message or on a terminal: no quotes, secrets as their reference.
[[nodiscard]] std::string to_display(const Value& value);

}  // namespace quantconf::format
