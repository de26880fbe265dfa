#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "base/assert.hpp"
#include "quantconf/quantbot.hpp"
#include "support/simulator.hpp"

namespace quantconf::sources::test {

/// A folder with a configuration of the bot whose providers and keys are the simulator's. Nothing limits it.
class SimulatedBot {
public:
    explicit SimulatedBot(const Simulator& simulator) {
        std::string name = (std::filesystem::temp_directory_path() / "quantconf-bench-XXXXXX").string();
        QC_ASSERT(::mkdtemp(name.data()) != nullptr);
        path_ = name;
        std::filesystem::create_directory(path_ / "config");
        std::ofstream file{path_ / "config" / "base.yaml"};
        file << "max_concurrent_requests: 64\nworker_threads: 8\ncache_enabled: false\n"
                "trading: {max_position_size: 0.05, max_daily_loss: 100.0, commission_per_contract: 0.65, "
                "slippage_bps: 2, risk_free_rate: 0.04}\n"
                "database: {dsn: \"postgresql://localhost/none\"}\n"
                "data_sources:\n"
                "  rate_limits:\n";
        for (const auto& [provider, source] : EnumTable<quantbot::Provider>::names) {
            file << "    " << source
                 << ": {strategy: sliding_window, requests_per_second: 10000, requests_per_minute: null, "
                    "requests_per_hour: null, requests_per_day: null, extra_windows: !replace []}\n";
        }
        file << "  endpoints:\n";
        for (const auto& [provider, source] : EnumTable<quantbot::Provider>::names) {
            file << "    " << source << ": \"" << simulator.endpoint(source) << "\"\n";
        }
        file << "    reddit_token: \"" << simulator.endpoint("reddit_token") << "\"\n";
        for (const auto& [field, source] : {std::pair{"polygon_api_key", "polygon"},
                                            {"finnhub_api_key", "finnhub"},
                                            {"alpha_vantage_api_key", "alpha_vantage"},
                                            {"newsapi_key", "newsapi"},
                                            {"openweather_api_key", "openweather"},
                                            {"fred_api_key", "fred"},
                                            {"stocktwits_token", "stocktwits"},
                                            {"gnews_key", "gnews"},
                                            {"reddit_client_id", "reddit"},
                                            {"openai_api_key", "openai"}}) {
            file << "  " << field << ": \"" << simulator.key(source) << "\"\n";
        }
        file << "  reddit_client_secret: \"" << simulator.key("reddit", "good", "secret") << "\"\n";
    }
    ~SimulatedBot() { std::filesystem::remove_all(path_); }
    SimulatedBot(const SimulatedBot&) = delete;
    SimulatedBot& operator=(const SimulatedBot&) = delete;

    [[nodiscard]] std::filesystem::path path() const { return path_; }
    [[nodiscard]] std::filesystem::path config() const { return path_ / "config"; }
    [[nodiscard]] std::filesystem::path quota() const { return path_ / "quota"; }

private:
    std::filesystem::path path_;
};

}  // namespace quantconf::sources::test
