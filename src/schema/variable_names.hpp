#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quantconf/diagnostic.hpp"
#include "quantconf/schema.hpp"

namespace quantconf::schema {

/// "QUANTBOT" + "trading.max_position_size" -> "QUANTBOT_TRADING_MAX_POSITION_SIZE"; `separator` "__" gives
/// the exact form that can never collide. `-` becomes `_`.
[[nodiscard]] std::string variable_name(std::string_view prefix, std::string_view path,
                                        std::string_view separator = "_");

/// The environment table of a schema: every leaf (lists are leaves); maps with fixed keys are written out,
/// other maps have a `*` segment and their name keeps `__` around `<KEY>`.
[[nodiscard]] std::vector<Variable> make_variables(const Field& root, std::string_view prefix);

/// Two paths with one name are diagnostics that name both.
void check_variables(const std::vector<Variable>& table, std::string_view prefix, Diagnostics& diagnostics);

}  // namespace quantconf::schema
