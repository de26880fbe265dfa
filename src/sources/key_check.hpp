#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "net/http_client.hpp"
#include "quantconf/sources/key_report.hpp"
#include "sources/classify.hpp"
#include "sources/key_quota.hpp"
#include "sources/key_request.hpp"
#include "sources/settings.hpp"
#include "sources/verdict_store.hpp"

namespace quantconf::sources {

/// Sends a request and calls the completion exactly once, on any thread: HttpClient::send.
using Sender = std::function<void(net::Request, net::HttpClient::Completion, std::stop_token)>;

/// What a check needs from outside. All of it outlives the checker; any thread.
struct KeyTools {
    Sender send;
    KeyQuota& quota;
    VerdictStore& store;
    /// classify(), with the catalogue, the redactor and the clock of the caller.
    std::function<Verdict(const Source&, const Asked&, const net::Response&)> classify;
};

/// One key to check.
struct KeyToCheck {
    const Source* source = nullptr;  ///< Outlives the check.
    SourceSettings settings = {};
    std::string fingerprint = {};      ///< fingerprint_of(); empty: its verdict is not remembered.
    std::optional<Duration> age = {};  ///< Since it was stored, if that is known.
    std::optional<Time> expires = {};  ///< If that is known.
};

/// Asks providers whether keys are good.
class KeyChecker {
public:
    KeyChecker(KeyTools tools, Environment environment)
        : tools_{std::move(tools)}, environment_{environment} {}

    /// Asks about all of them at once and waits: as long as the slowest answer, at most the longest timeout.
    /// One report for each, in the same order.
    ///
    /// What is no key by its looks is not sent. A request is charged before it is sent, and given back if it
    /// was not; where there is no quota left, nothing is sent. A source without a key is asked without one,
    /// if it can be. What was taken back by `stop` is not remembered.
    [[nodiscard]] std::vector<KeyReport> check(std::span<const KeyToCheck> keys,
                                               const std::stop_token& stop = {});

private:
    KeyTools tools_;
    Environment environment_;
};

/// Whether a key, or a source without one, can be checked at all.
[[nodiscard]] bool can_be_checked(const Source& source, const Credentials& credentials);

}  // namespace quantconf::sources
