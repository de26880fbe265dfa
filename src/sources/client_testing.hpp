#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "quota/manual_timeline.hpp"
#include "sources/client_state.hpp"

namespace quantconf::sources {

/// All sources without a network: a test says what is answered and looks at what was sent. Time stands still
/// but for what the code waits. One thread.
class FakeWorld {
public:
    using Respond = std::function<net::Response(const net::Request&)>;

    FakeWorld() {
        config_.environment = Environment::Development;
        quantbot::DataSources& sources = config_.data_sources;
        sources.polygon_api_key = Secret::plain("polygon-canary-1");
        sources.finnhub_api_key = Secret::plain("finnhub-canary-1");
        sources.alpha_vantage_api_key = Secret::plain("alpha-canary-1");
        sources.newsapi_key = Secret::plain("newsapi-canary-1");
        sources.openweather_api_key = Secret::plain("weather-canary-1");
        sources.fred_api_key = Secret::plain("0123456789abcdef0123456789abcdef");
        sources.gnews_key = Secret::plain("gnews-canary-1");
        sources.reddit_client_id = Secret::plain("reddit-canary-id");
        sources.reddit_client_secret = Secret::plain("reddit-canary-secret");
        sources.openai_api_key = Secret::plain("openai-canary-1");
        configure();
    }

    quantbot::Config& config() { return config_; }
    /// After a change of config().
    void configure() { state.configure(std::make_shared<const quantbot::Config>(config_), catalogue_); }
    quantbot::RateLimit& limit(const std::string& source) {
        return config_.data_sources.rate_limits.at(source);
    }

    /// The next answers, in order; the last one is given again and again.
    void answers(std::vector<Respond> responses) { responses_.assign(responses.begin(), responses.end()); }
    void always(Respond respond) { answers({std::move(respond)}); }

    static Respond says(int status, std::string body, std::vector<net::Header> headers = {}) {
        headers.push_back({.name = "content-type", .value = "application/json"});
        return [=](const net::Request&) {
            return net::Response{.status = status, .headers = headers, .body = body};
        };
    }
    static Respond fails(net::Transport transport, bool was_not_sent) {
        return [=](const net::Request&) {
            return net::Response{
                .transport = transport, .was_not_sent = was_not_sent, .problem = "no answer"};
        };
    }

    quota::ManualTimeline timeline;
    ManualClock clock{Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 4}}};
    std::vector<net::Request> sent;
    std::vector<std::pair<std::string, KeyStatus>> verdicts;
    std::vector<Duration> slept;
    Gate gate{1};
    std::filesystem::path ledger_file;           ///< Of the next key that is configured; empty: in memory.
    std::function<void(const Source&)> on_open;  ///< Told before a ledger is opened; on any thread.
    ClientState state{surroundings()};

private:
    Surroundings surroundings() {
        return {
            .send =
                [this](net::Request request, net::HttpClient::Completion done, const std::stop_token& stop) {
                    if (stop.stop_requested()) {
                        done({.transport = net::Transport::Cancelled, .was_not_sent = true});
                        return;
                    }
                    sent.push_back(std::move(request));
                    const Respond respond = responses_.front();
                    if (responses_.size() > 1) {
                        responses_.pop_front();
                    }
                    done(respond(sent.back()));
                },
            .open_ledger = [this](const Source& source, const Credentials&) -> Outcome<quota::Ledger> {
                if (on_open) {
                    on_open(source);
                }
                return ledger_file.empty() ? quota::Ledger::in_memory(timeline)
                                           : quota::Ledger::open(ledger_file, timeline);
            },
            .fingerprint =
                [](const Source&, const Credentials& credentials) {
                    std::string fingerprint;
                    credentials.key.reveal(grant_secret_access(), [&](std::string_view text) {
                        fingerprint = std::to_string(std::hash<std::string_view>{}(text));
                    });
                    return fingerprint;
                },
            .on_verdict = [this](
                              const Source& source, const std::string&,
                              const Verdict& verdict) { verdicts.emplace_back(source.name, verdict.status); },
            .sleep =
                [this](Duration time, const std::stop_token&) {
                    slept.push_back(time);
                    timeline.advance(time);
                },
            .random = [] { return 0.5; },
            .timeline = timeline,
            .clock = clock,
            .gate = gate,
        };
    }

    quantbot::Config config_;
    std::shared_ptr<const Catalogue> catalogue_{&Catalogue::built_in(), [](const Catalogue*) {}};
    std::deque<Respond> responses_{says(200, R"({"status":"OK","results":[1]})")};
};

/// Bodies of the kinds that the tests of the client need; tests/sources has all that are known.
namespace bodies {
inline constexpr const char* kPolygonData = R"({"status":"OK","results":[{"p":1.5}]})";
inline constexpr const char* kPolygonUnknownKey =
    R"({"status":"ERROR","request_id":"x","error":"Unknown API Key"})";
inline constexpr const char* kFinnhubData =
    R"({"c":261.74,"d":2.24,"dp":0.86,"h":264.9,"l":259.5,"o":260.4,"pc":259.5,"t":1757847600})";
}  // namespace bodies

}  // namespace quantconf::sources
