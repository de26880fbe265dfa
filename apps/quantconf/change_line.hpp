#pragma once

#include <string>

#include "apps/quantconf/session.hpp"
#include "layers/explain.hpp"

namespace quantconf::app {

/// "~ trading.max_position_size: 0.02 -> 0.05  riskier": one difference as a person reads it, no newline.
[[nodiscard]] std::string change_line(const Session& session, const layers::Change& change);

}  // namespace quantconf::app
