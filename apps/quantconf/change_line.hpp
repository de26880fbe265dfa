#pragma once

#include <string>
#include <string_view>

#include "apps/quantconf/session.hpp"
#include "layers/explain.hpp"

namespace quantconf::app {

/// "riskier" or "safer": what a change makes of trading, which no general diff can say. Empty where it is
/// neither, or nobody can tell.
[[nodiscard]] std::string_view risk_of(const Schema& schema, const layers::Change& change);

/// "~ trading.max_position_size: 0.02 -> 0.05  riskier": one difference as a person reads it, no newline.
[[nodiscard]] std::string change_line(const Session& session, const layers::Change& change);

}  // namespace quantconf::app
