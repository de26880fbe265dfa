#pragma once

#include <span>

#include "apps/quantconf/session.hpp"
#include "base/json_writer.hpp"
#include "quantconf/sources.hpp"

namespace quantconf::app {

/// One line for each key, and more where there is something to know or to do.
void print_keys(const Session& session, std::span<const sources::KeyReport> reports);
/// {"sources":{"polygon":{...}}} of docs/cli.md.
void print_keys_json(const Session& session, std::span<const sources::KeyReport> reports);
/// The members of one key, without the braces.
void write_key(JsonWriter& json, const sources::KeyReport& report);

}  // namespace quantconf::app
