#pragma once

#include <string>
#include <vector>

#include "quantconf/diagnostic.hpp"

namespace quantconf {

class JsonWriter;

/// "config/production.yaml:5:22", "QUANTBOT_DEBUG", "--set debug" or "" for an origin without a source.
[[nodiscard]] std::string location_of(const Origin& origin);

/// One object D of the JSON contract, with every member that applies.
void write_json(JsonWriter& json, const Diagnostic& diagnostic);

/// A SARIF 2.1.0 log with one run: for code scanning services and editors.
[[nodiscard]] std::string to_sarif(const Diagnostics& diagnostics, const std::string& tool_version);

/// GitHub workflow commands, one a line: "::error file=...,line=...,col=...,title=...::message".
[[nodiscard]] std::string to_github(const Diagnostics& diagnostics);

}  // namespace quantconf
