#pragma once

#include <memory>
#include <string>

#include "quantconf/schema.hpp"

namespace quantconf::schema {

/// JSON Schema 2020-12 of a layer file, for editors. Layers are fragments, so nothing is required in it; our operators
/// (!append, !delete...), SECURE: references and ${...} are accepted where we accept them.
[[nodiscard]] std::string to_json_schema(const Schema& schema);

/// Reads a schema from a JSON Schema text (JSON or YAML). Any keyword that we do not honour is an error that names
/// it: a rule that is silently skipped is a limit that is not kept.
[[nodiscard]] Checked<Schema> from_json_schema(std::shared_ptr<Source> source);

/// The field reference as Markdown.
[[nodiscard]] std::string to_markdown(const Schema& schema);

}  // namespace quantconf::schema
