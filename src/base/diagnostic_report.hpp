#pragma once

#include <string>
#include <string_view>

#include "quantconf/diagnostic.hpp"

namespace quantconf {

class JsonWriter;

/// "error", "warning" or "note".
[[nodiscard]] std::string_view name_of(Severity severity);

/// For code that adds diagnostics one by one: tidies them as soon as there are far more than anybody is
/// shown, so that a file of a million mistakes does not fill the memory. The order may change.
void make_room(Diagnostics& diagnostics);

/// "config/production.yaml:5:22", "QUANTBOT_DEBUG", "--set debug" or "" for an origin without a source. Safe
/// to print: control characters of the name are escaped.
[[nodiscard]] std::string location_of(const Origin& origin);

/// One object D of the JSON contract, docs/cli.md. Every member is always there. Where a variable or an
/// option is to blame, "variable" or "option" stands in the place of "file", "line" and "column".
void write_json(JsonWriter& json, const Diagnostic& diagnostic);

/// A SARIF 2.1.0 log with one run: for code scanning services and editors.
[[nodiscard]] std::string to_sarif(const Diagnostics& diagnostics, const std::string& tool_version);

/// GitHub workflow commands, one a line: "::error file=...,line=...,col=...,title=...::message".
[[nodiscard]] std::string to_github(const Diagnostics& diagnostics);

}  // namespace quantconf
