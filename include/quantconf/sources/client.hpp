#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quantconf/error.hpp"
#include "quantconf/manager.hpp"
#include "quantconf/quantbot.hpp"
#include "quantconf/sources/key_report.hpp"
#include "quantconf/sources/verdict.hpp"
#include "quantconf/types.hpp"

namespace quantconf::sources {

using quantbot::Provider;

/// For what a request is; most urgent first. Where a source has a reserve, only Execution and Risk may use
/// it.
enum class Urgency : std::uint8_t { Execution, Risk, Signal, Backfill, Probe };

/// How far a request has come; told to Query::progress, on the thread that works on it. Must be quick.
struct Progress {
    enum class Step : std::uint8_t {
        WaitingForQuota,  ///< `wait`: how long at least.
        Sending,          ///< `attempt` counts from 1.
        Pausing,          ///< Before the next attempt; `wait`: how long.
        Switching,        ///< To another source of the group.
    };
    Step step;
    Provider source;
    int attempt = 1;
    Duration wait{};
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// One question to one source. Neither path nor parameters contain the key: the client adds it.
struct Query {
    Provider source = Provider::Polygon;
    std::string path{};       ///< "/quote": joined after the path of the source's base.
    Parameters parameters{};  ///< Names and values as they are; the client encodes them.
    /// Sent with POST if it is set; then nothing is repeated, cached or shared.
    std::optional<std::string> post{};
    std::string content_type = "application/json";  ///< Of `post`.
    Urgency urgency = Urgency::Signal;
    /// For everything: waiting for quota, attempts and pauses. Nothing: `timeout_seconds` of the source.
    std::optional<Duration> deadline{};
    /// Requests that the source counts it as: from 1 to 1000, and no more than the smallest of its windows
    /// lets through (50 where 50 per second are allowed). Anything else is refused here; nothing is sent.
    std::int64_t cost = 1;
    /// How old an answer of the cache may be. Nothing: `cache_ttl_seconds`; zero: ask, and keep nothing.
    /// Below zero, as `stale_if_error` below zero, it is refused here.
    std::optional<Duration> max_age{};
    /// If the source is down or used up, an older answer is better than none, up to this age; it says so.
    /// Never in place of a refusal of the key, the plan or the question: that would hide it.
    Duration stale_if_error{};
    std::stop_token stop{};
    std::function<void(const Progress&)> progress{};
};

/// A question to whoever can answer it best: `capability` is a key of `data_sources.failover`.
struct GroupQuery {
    std::string capability{};  ///< "news_general".
    /// Fill the places of the sources' own paths: {"symbol", "AAPL"}. The names stand in the catalogue; a
    /// source whose places are not all filled is passed over.
    Parameters parameters{};
    Urgency urgency = Urgency::Signal;
    /// For all sources together. While others are left, each gets half of what remains.
    std::optional<Duration> deadline{};
    std::optional<Duration> max_age{};
    /// If nobody answers, an older answer of a source that is down or used up, up to this age; see Query.
    Duration stale_if_error{};
    std::stop_token stop{};
    std::function<void(const Progress&)> progress{};
};

/// Who was not asked, or asked in vain, before the answer came from somebody else.
struct PassedOver {
    Provider source;
    std::string because;
    int attempts = 0;       ///< Requests that were sent to it in vain.
    std::int64_t cost = 0;  ///< What they were charged.
};

/// What came back, as it came: quantconf models no market data. Says where it is from and how old it is. Only
/// of a source with OAuth2 tokens the body is without the token and the key, should it repeat them: the token
/// is known to nobody else.
struct Answer {
    Provider source = Provider::Polygon;
    Verdict verdict{};
    int http_status = 0;  ///< 0: no answer.
    std::string content_type{};
    std::string body{};
    std::chrono::sys_time<std::chrono::microseconds> as_of{};  ///< When the source gave it.
    Duration age{};                                            ///< Zero, unless it is from the cache.
    bool from_cache = false;
    bool is_stale = false;    ///< Older than asked for, because the source failed; `verdict` says how.
    bool was_shared = false;  ///< Another caller asked the same at the same time.
    int attempts = 0;         ///< Requests that were sent.
    std::int64_t cost = 0;    ///< What they were charged.
    Duration waited{};        ///< For quota and between attempts.
    Duration took{};          ///< In all.
    std::vector<PassedOver> passed_over{};  ///< Of a group: better sources, and why they did not answer.

    /// Whether `body` is data: a good key, a 2xx, and not the provider's way of saying no (`bad_request`,
    /// which some say with HTTP 200). An empty list is data: `no_data`.
    [[nodiscard]] bool has_data() const noexcept;
};

/// One window of a source's limits as it is now.
struct WindowReport {
    std::string window{};  ///< "60 per minute".
    Duration per{};
    std::int64_t limit = 0;
    std::int64_t used = 0;
    std::int64_t remaining = 0;
    /// Until one more request may go. Above zero also while some are left, where they are spread evenly over
    /// the window and it is not the next one's turn yet.
    Duration reset{};
    bool from_provider = false;  ///< The provider said that less is left than we had counted.
};

/// How one source is just now.
struct SourceReport {
    Provider source = Provider::Polygon;
    std::string title{};     ///< "Alpha Vantage".
    std::string endpoint{};  ///< Where requests go.
    bool has_key = false;    ///< Some answer without one.
    bool is_usable = false;
    std::string why_not{};  ///< Why nobody asks it now.
    /// The same in one word, where there is one: "not_configured"; "ledger": its requests cannot be counted.
    std::string detail{};
    std::string hint{};  ///< What to do about it; empty where nobody can say.
    std::vector<WindowReport> windows{};
    std::optional<Duration> paused{};  ///< By the provider's wish.
    std::string breaker{};             ///< "closed", "open", "half_open".
    std::optional<KeyReport> key{};    ///< What is known of its key.
};

struct ClientOptions {
    /// Keep verdicts on keys fresh (`data_sources.key_check_interval`). Costs requests of their quota.
    bool check_keys = false;
    /// Of each window, what only Execution and Risk may use, in percent, from 0 to 50; otherwise open()
    /// fails. Windows of less than 5 requests have no reserve.
    int reserve_percent = 0;
    /// Told on a thread of the client when a verdict on a key changes or a key is about to expire.
    std::function<void(const KeyReport&)> on_key{};
    /// Where the ledgers lie that all programs of this user share. Empty: $XDG_STATE_HOME/quantconf/quota.
    std::filesystem::path quota_dir{};
    /// Facts about providers that stand in place of the built-in ones; looked at again when it changes.
    /// Empty: $XDG_CONFIG_HOME/quantconf/sources.yaml, if it is there.
    std::filesystem::path catalogue_file{};
    /// Certificates to trust instead of the system's, in PEM.
    std::filesystem::path ca_file{};
};

/// Asks the data providers for everything that a bot wants to know, inside all limits.
///
/// Every request is charged to a ledger that all programs of this user share, before it is sent. What cannot
/// succeed is not repeated; a source that is down is left alone; a group falls back to its next member and
/// says so. Follows the live configuration: limits, keys and addresses change under it without a restart.
///
/// Any thread may call anything. `manager` outlives it. A child after fork() makes a client of its own.
class SourceClient {
public:
    /// Fails where an option is out of its bounds, and where the folder of the ledgers or the certificates
    /// cannot be used. Sources that cannot be asked are no failure: sources() says why.
    [[nodiscard]] static std::expected<SourceClient, Failure> open(ConfigManager<quantbot::Config>& manager,
                                                                   ClientOptions options = {});

    SourceClient(SourceClient&&) noexcept;
    SourceClient& operator=(SourceClient&&) = delete;
    SourceClient(const SourceClient&) = delete;
    SourceClient& operator=(const SourceClient&) = delete;
    /// Takes back what is on its way; every future gets its answer first.
    ~SourceClient();

    /// Waits for the answer. Never fails: why there is no data stands in the verdict.
    [[nodiscard]] Answer get(Query query);
    [[nodiscard]] Answer ask(GroupQuery query);
    /// On one of `worker_threads` threads; as many wait as you like.
    [[nodiscard]] std::future<Answer> get_later(Query query);
    [[nodiscard]] std::future<Answer> ask_later(GroupQuery query);

    /// Asks each of these providers (none: all that have a key) whether its key is good, all at once, in
    /// bounded time.
    [[nodiscard]] std::vector<KeyReport> check_keys(std::span<const Provider> providers = {});
    /// What is known without asking.
    [[nodiscard]] std::vector<SourceReport> sources() const;
    /// Why the catalogue file as it is now is not used; empty if it is, or if there is none.
    [[nodiscard]] std::string catalogue_problem() const;

private:
    class Impl;
    explicit SourceClient(std::unique_ptr<Impl> impl) noexcept;

    std::unique_ptr<Impl> impl_;
};

}  // namespace quantconf::sources
