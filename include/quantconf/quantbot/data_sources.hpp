#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "quantconf/quantbot/rate_limit.hpp"
#include "quantconf/schema.hpp"

namespace quantconf::quantbot {

/// Capability -> the providers that can serve it, best first.
using Failover = std::map<std::string, std::vector<Provider>>;

/// Provider, or `reddit_token` for where Reddit hands out its tokens -> another address of its interface.
using Endpoints = std::map<std::string, std::string>;

/// The order that applies where nobody has configured one. It names every provider that has the capability at
/// all.
[[nodiscard]] Failover default_failover();

/// The `data_sources` section. Every credential is optional: a provider without one is not used.
struct DataSources {
    Secret polygon_api_key;
    Secret finnhub_api_key;
    Secret alpha_vantage_api_key;
    Secret newsapi_key;
    Secret openweather_api_key;
    Secret fred_api_key;
    Secret stocktwits_token;
    Secret gnews_key;
    Secret reddit_client_id;
    Secret reddit_client_secret;
    Secret openai_api_key;
    std::map<std::string, RateLimit> rate_limits = default_rate_limits();
    Endpoints endpoints{};
    Failover failover = default_failover();
    Duration key_check_interval = std::chrono::hours{24};

    static Fields fields();
};

}  // namespace quantconf::quantbot
