#pragma once

#include <functional>
#include <stop_token>

#include "base/clock.hpp"
#include "net/http_client.hpp"
#include "quantconf/error.hpp"
#include "quantconf/sources/verdict.hpp"
#include "quota/ledger.hpp"
#include "quota/retry.hpp"
#include "quota/timeline.hpp"
#include "sources/endpoint.hpp"
#include "sources/gate.hpp"
#include "sources/settings.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// What the sources of one client have in common, and what a test replaces. Everything in it may be called by
/// any thread and outlives them.
struct Surroundings {
    /// Sends a request; see net::HttpClient::send.
    std::function<void(net::Request, net::HttpClient::Completion, std::stop_token)> send;
    /// The ledger of a source's key.
    std::function<Outcome<quota::Ledger>(const Source&, const Credentials&)> open_ledger;
    /// Tells keys of one source apart, without saying anything about them.
    std::function<std::string(const Source&, const Credentials&)> fingerprint;
    /// Told about every answer that says something about a key, also on ordinary requests.
    std::function<void(const Source&, const std::string& fingerprint, const Verdict&)> on_verdict;
    /// Waits, or less if it is stopped.
    std::function<void(Duration, const std::stop_token&)> sleep;
    quota::Random random;
    const quota::Timeline& timeline;
    const Clock& clock;
    Gate& gate;
};

}  // namespace quantconf::sources
