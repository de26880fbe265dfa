#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "net/http_client.hpp"
#include "sources/client_state.hpp"
#include "sources/settings.hpp"
#include "support/simulator.hpp"

namespace quantconf::sources::test {

/// The system's time, of which pauses are left out: whoever sleeps is in the future at once. Any thread.
class SkippingTimeline final : public quota::Timeline {
public:
    [[nodiscard]] Duration since_boot() const override {
        return quota::system_timeline().since_boot() + skipped_.load();
    }
    [[nodiscard]] Time wall() const override { return quota::system_timeline().wall(); }
    [[nodiscard]] const std::string& boot() const override { return quota::system_timeline().boot(); }
    void sleep(std::unique_lock<std::mutex>& /*lock*/, std::condition_variable& /*wake*/,
               Duration until) const override {
        skip(until - since_boot());
    }
    void skip(Duration time) const {
        Duration before = skipped_.load();
        while (time > Duration{} && !skipped_.compare_exchange_weak(before, before + time)) {
        }
    }

private:
    mutable std::atomic<Duration> skipped_ = Duration{};
};

/// Gives one provider its key.
inline void set_key(quantbot::DataSources& sources, Provider provider, Secret key, Secret secret = {}) {
    switch (provider) {
        case Provider::Polygon:
            sources.polygon_api_key = std::move(key);
            break;
        case Provider::Finnhub:
            sources.finnhub_api_key = std::move(key);
            break;
        case Provider::AlphaVantage:
            sources.alpha_vantage_api_key = std::move(key);
            break;
        case Provider::NewsApi:
            sources.newsapi_key = std::move(key);
            break;
        case Provider::OpenWeather:
            sources.openweather_api_key = std::move(key);
            break;
        case Provider::Fred:
            sources.fred_api_key = std::move(key);
            break;
        case Provider::StockTwits:
            sources.stocktwits_token = std::move(key);
            break;
        case Provider::GNews:
            sources.gnews_key = std::move(key);
            break;
        case Provider::Reddit:
            sources.reddit_client_id = std::move(key);
            sources.reddit_client_secret = std::move(secret);
            break;
        case Provider::OpenAi:
            sources.openai_api_key = std::move(key);
            break;
    }
}

inline std::shared_ptr<const Catalogue> built_in_catalogue() {
    return {&Catalogue::built_in(), [](const Catalogue*) {}};
}

/// One provider at the simulator, asked through everything but the threads of a SourceClient: real sockets,
/// a ledger of its own, and pauses that take no time. New for each case, so that nothing is remembered.
class Asking {
public:
    static constexpr int kRetries = 2;

    Asking(const Simulator& simulator, net::HttpClient& http, Provider provider, SecretFacts facts = {},
           std::shared_ptr<const Catalogue> catalogue = built_in_catalogue())
        : provider_{provider}, http_{http}, state_{surroundings()} {
        const std::string name{name_of(provider)};
        key_ = simulator.key(name);
        const Secret secret =
            provider == Provider::Reddit ? Secret::plain(simulator.key(name, "good", "secret")) : Secret{};
        quantbot::Config config;
        config.environment = Environment::Testing;
        set_key(config.data_sources, provider, Secret::resolved("SECURE:" + name, 1, key_, std::move(facts)),
                secret);
        config.data_sources.endpoints[name] = simulator.endpoint(name);
        config.data_sources.endpoints["reddit_token"] = simulator.endpoint("reddit_token");
        config.data_sources.rate_limits[name] = {
            .requests_per_day = 1000, .max_retries = kRetries, .timeout_seconds = 10};
        state_.configure(std::make_shared<const quantbot::Config>(std::move(config)), std::move(catalogue));
    }

    /// Asks the question that the catalogue thinks cheapest, or another one.
    Answer ask(Duration deadline = std::chrono::seconds{10}, std::string path = {}) {
        if (path.empty()) {
            path = provider_ == Provider::Reddit ? "/r/stocks/hot"
                                                 : state_.source(provider_).configured()->source->probe.path;
        }
        return state_.get(
            {.source = provider_, .path = std::move(path), .deadline = deadline, .max_age = {}});
    }
    Answer post(std::string path, std::string body) {
        return state_.get({.source = provider_, .path = std::move(path), .post = std::move(body)});
    }
    /// What the ledger says was sent.
    [[nodiscard]] std::int64_t charged() const {
        const auto configured = state_.source(provider_).configured();
        const auto usage = configured->limiter->ledger().usage(configured->settings.limits);
        return usage ? usage->windows.front().used : -1;
    }
    /// Everything that is said about the source and an answer; no key may be in it.
    [[nodiscard]] std::string texts(const Answer& answer) const {
        std::string all = answer.verdict.detail + '\n' + answer.verdict.reason + '\n' + answer.content_type;
        const SourceReport report = state_.report(provider_);
        return all + '\n' + report.endpoint + '\n' + report.why_not;
    }
    [[nodiscard]] const std::string& key() const { return key_; }
    [[nodiscard]] const ClientState& state() const { return state_; }
    /// What was learnt about the key.
    [[nodiscard]] const std::vector<KeyStatus>& verdicts() const { return verdicts_; }

private:
    Surroundings surroundings() {
        return {
            .send =
                [this](net::Request request, net::HttpClient::Completion done, std::stop_token stop) {
                    http_.send(std::move(request), std::move(done), std::move(stop));
                },
            .open_ledger = [this](const Source&, const Credentials&) -> Outcome<quota::Ledger> {
                return quota::Ledger::in_memory(timeline_);
            },
            .fingerprint = [](const Source& source, const Credentials&) { return source.name; },
            .on_verdict = [this](const Source&, const std::string&,
                                 const Verdict& verdict) { verdicts_.push_back(verdict.status); },
            .sleep = [this](Duration time, const std::stop_token&) { timeline_.skip(time); },
            .random = [] { return 0.5; },
            .timeline = timeline_,
            .clock = clock_,
            .gate = gate_,
        };
    }

    Provider provider_;
    net::HttpClient& http_;
    std::string key_;
    SkippingTimeline timeline_;
    SystemClock clock_;
    Gate gate_{16};
    std::vector<KeyStatus> verdicts_;
    ClientState state_;
};

/// A simulator and a client for all tests of a suite: hostile answers must leave nothing behind in either.
class AtTheSimulator : public testing::Test {
protected:
    static void SetUpTestSuite() {
        simulator_ = std::make_unique<Simulator>(options_);
        http_ = std::make_unique<net::HttpClient>(net::HttpClient::create().value());
    }
    static void TearDownTestSuite() {
        http_.reset();
        simulator_.reset();
    }
    void SetUp() override {
        simulator_->reset();
        static_cast<void>(simulator_->arrivals());
    }

    /// Nothing limits: what is tested is not how often one may ask.
    static std::vector<std::string> unlimited() {
        std::vector<std::string> options;
        for (const auto& [provider, name] : EnumTable<Provider>::names) {
            options.insert(options.end(), {"--limit", std::string{name} + "=none"});
        }
        options.insert(options.end(), {"--limit", "reddit_token=none"});
        return options;
    }

    inline static std::vector<std::string> options_ = [] {
        auto options = unlimited();
        options.insert(options.end(),
                       {"--fixtures", std::string{QUANTCONF_SOURCE_DIR} + "/tests/sources/fixtures.json"});
        return options;
    }();
    inline static std::unique_ptr<Simulator> simulator_;
    inline static std::unique_ptr<net::HttpClient> http_;
};

}  // namespace quantconf::sources::test
