#pragma once

#include <string>

#include "quantconf/environment.hpp"
#include "quantconf/quantbot/data_sources.hpp"
#include "quantconf/quantbot/database.hpp"
#include "quantconf/quantbot/monitoring.hpp"
#include "quantconf/quantbot/trading.hpp"
#include "quantconf/schema.hpp"

namespace quantconf::quantbot {

/// The whole configuration of the trading bot: plain values, ready to use.
///
/// The member initialisers are the defaults; bounds, help and variable names stand in the tables under
/// src/quantbot/, one file per section. Names are those that the bot's YAML files have always used.
struct Config {
    Environment environment = Environment::Development;  ///< Always the chosen one; a file never selects it.
    bool debug = false;
    std::string app_name = "QuantBot";
    std::string app_version = "1.0.0";
    std::string timezone = "US/Eastern";
    bool cache_enabled = true;
    int cache_ttl_seconds = 3600;
    int cache_max_size_mb = 512;
    bool async_enabled = true;
    int max_concurrent_requests = 10;
    int worker_threads = 4;
    Database database;
    Trading trading;
    DataSources data_sources;
    Monitoring monitoring;

    static Fields fields();
    /// Made on first use, then shared by everybody; any thread may ask.
    [[nodiscard]] static const Schema& schema();
};

}  // namespace quantconf::quantbot
