#pragma once

#include "quantconf/schema.hpp"

namespace quantconf::quantbot {

/// The `trading` section: what the bot may risk, and what it assumes that trading costs.
///
/// Every field is required. The zeros here are never used: a limit that somebody forgot must not be guessed.
struct Trading {
    double max_position_size = 0;
    double max_daily_loss = 0;
    double risk_free_rate = 0;
    double commission_per_contract = 0;
    int slippage_bps = 0;

    static Fields fields();
};

}  // namespace quantconf::quantbot
