#pragma once

#include <string>

#include "quantconf/schema.hpp"
#include "value/node.hpp"

namespace quantconf::schema {

/// JSON Schema 2020-12 of a layer file, for editors. Layers are fragments, so nothing is required in it;
/// SECURE: references and ${...} are accepted where we accept them. What JSON Schema has no word for stands
/// under `x-quantconf` (docs/schema.md), so from_json_schema() reads the same schema back.
[[nodiscard]] std::string to_json_schema(const Schema& schema);

/// Reads a schema from a parsed JSON Schema file (JSON or YAML). Any keyword that we do not honour is an
/// error that names it: a rule that is silently skipped is a limit that is not kept. Everything wrong is
/// reported in one run. The result keeps nothing of `document`.
[[nodiscard]] Checked<Schema> from_json_schema(const value::Document& document);

/// The field reference as Markdown.
[[nodiscard]] std::string to_markdown(const Schema& schema);

}  // namespace quantconf::schema
