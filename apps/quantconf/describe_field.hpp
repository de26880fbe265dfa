#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_writer.hpp"
#include "quantconf/field.hpp"

namespace quantconf::app {

/// What a person wants to know about a field, as label and text: type and bounds, unit, reload, risk, help.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string>> describe(const Field& field);

/// The same for programs: members "type", "unit", "reload", "risk", "help" of the open object.
void write_field(JsonWriter& json, const Field& field);

}  // namespace quantconf::app
