#include "quantconf/quantbot/trading.hpp"

namespace quantconf::quantbot {

// clang-format off: one entry per key, the options beneath it.
Fields Trading::fields() {
    return {
        field<&Trading::max_position_size>(
            "max_position_size",
            {
                .help = "Largest single position, as a fraction of the portfolio: 0.05 is 5 %.",
                .unit = "fraction of the portfolio",
                .min = 0.01,
                .max = 1.0,
                .required = true,
                .reload = Reload::Live,
                .risk = Risk::Up,
                .aliases = {"max_position_size"},
                .examples = {"0.05"},
            }),
        field<&Trading::max_daily_loss>(
            "max_daily_loss",
            {
                .help = "Loss of one trading day after which the bot opens no new position.",
                .unit = "USD",
                .min = 100.0,
                .max = 100'000.0,
                .required = true,
                .reload = Reload::Live,
                .risk = Risk::Up,
                .aliases = {"max_daily_loss"},
                .examples = {"5000.0"},
            }),
        // The other three are what the models assume, not limits: neither direction is safe by itself, so a
        // change of them never counts as a pure tightening.
        field<&Trading::risk_free_rate>(
            "risk_free_rate",
            {
                .help = "Yearly interest without risk that option prices are computed with: 0.05 is 5 %.",
                .unit = "fraction per year",
                .min = 0.0,
                .max = 0.1,
                .required = true,
                .reload = Reload::Live,
                .examples = {"0.05"},
            }),
        field<&Trading::commission_per_contract>("commission_per_contract",
                                                 {
                                                     .help = "What the broker takes for one contract.",
                                                     .unit = "USD per contract",
                                                     .min = 0.0,
                                                     .max = 10.0,
                                                     .required = true,
                                                     .reload = Reload::Live,
                                                     .examples = {"1.0"},
                                                 }),
        field<&Trading::slippage_bps>(
            "slippage_bps",
            {
                .help = "Expected difference between the price seen and the price paid.",
                .unit = "bps",
                .min = 0,
                .max = 100,
                .required = true,
                .reload = Reload::Live,
                .examples = {"5"},
            }),
    };
}
// clang-format on

}  // namespace quantconf::quantbot
