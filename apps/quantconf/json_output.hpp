#pragma once

#include <string_view>

#include "base/json_writer.hpp"
#include "layers/explain.hpp"
#include "layers/load.hpp"
#include "quantconf/schema.hpp"

/// The JSON shapes of docs/cli.md that more than one command prints.
namespace quantconf::app {

/// {"ok","hash","diagnostics"}: one environment of `check`.
void write_verdict(JsonWriter& json, const layers::Candidate& candidate);
/// {"path","kind","from","to","risk"}: one change of `diff`.
void write_change(JsonWriter& json, const Schema& schema, const layers::Change& change);
/// {"layer","file","line","column","value","wins"}: one origin of `explain`.
void write_origin(JsonWriter& json, const layers::SetBy& origin);

}  // namespace quantconf::app
