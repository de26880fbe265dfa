#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "quantconf/detail/mutex.hpp"
#include "quantconf/sources/client.hpp"
#include "quota/breaker.hpp"
#include "quota/limiter.hpp"
#include "quota/retry_budget.hpp"
#include "secrets/redact.hpp"
#include "sources/catalogue.hpp"
#include "sources/endpoint.hpp"
#include "sources/request.hpp"
#include "sources/settings.hpp"
#include "sources/surroundings.hpp"
#include "sources/token.hpp"

namespace quantconf::sources {

/// One source as it is configured now. Immutable; a request that is under way keeps the one that it began
/// with for one attempt.
struct Configured {
    std::shared_ptr<const Catalogue> catalogue;
    const Source* source = nullptr;  ///< Of the catalogue.
    SourceSettings settings;
    Environment environment = Environment::Production;
    std::string fingerprint;  ///< Of the key; empty without one.
    std::shared_ptr<quota::Limiter>
        limiter;  ///< nullptr: the ledger could not be opened; why stands in `problem`.
    std::shared_ptr<TokenKeeper> tokens;  ///< Of OAuth2 sources alone.
    std::shared_ptr<const secrets::Redactor> redactor;
    std::string problem;  ///< Why it cannot be asked at all; empty if it can.
};

/// A source with everything that governs requests to it: limits, pauses, retries, breaker. Any thread.
class GovernedSource {
public:
    GovernedSource(Provider provider, const Surroundings& surroundings);

    /// Another configuration. The same key keeps its count, and whoever waits is planned again.
    void configure(SourceSettings settings, Environment environment,
                   std::shared_ptr<const Catalogue> catalogue) QC_EXCLUDES(mutex_);
    [[nodiscard]] std::shared_ptr<const Configured> configured() const QC_EXCLUDES(mutex_);

    /// Asks, and repeats what can succeed. Neither cache nor other sources: see SourceClient.
    [[nodiscard]] Answer run(const Query& query);

    /// Why nobody should ask it now: no key, paused, breaker open, key known to be bad. Empty: go on.
    [[nodiscard]] std::string why_not_now() const;
    [[nodiscard]] quota::BreakerState breaker_state() const;
    /// Whether an older answer may stand in for one that it does not give just now: it is down, resting or
    /// used up. Not where it has no key, or one that it has refused: somebody has to act, and would not see
    /// it.
    [[nodiscard]] bool may_be_bridged() const;
    /// Opens its ledger anew if the file was deleted: before something else than a request is charged to it.
    void keep_ledger_in_place() QC_EXCLUDES(mutex_);
    [[nodiscard]] Provider provider() const noexcept { return provider_; }
    /// What is known of the key. While it is Invalid or Expired, requests are refused here; every ten minutes
    /// one goes out all the same, to find out.
    void set_key_status(const std::string& fingerprint, KeyStatus status, std::string reason)
        QC_EXCLUDES(mutex_);

private:
    class Run;
    /// A ledger that was deleted, or found damaged and set aside, is opened anew: the file that everybody
    /// else counts in by now, with what was counted in the deleted one. False if that failed, too.
    bool reopen_ledger(const std::shared_ptr<quota::Limiter>& lost) QC_EXCLUDES(mutex_);
    /// Where this key counts by now: its ledger may have been opened anew while a request was under way.
    [[nodiscard]] std::shared_ptr<quota::Limiter> limiter_of(const Configured& then) const
        QC_EXCLUDES(mutex_);
    /// A key that the source has refused: nobody asks with it again before `until`.
    struct BadKey {
        std::string fingerprint;
        std::string reason;
        Duration until{};
    };

    void refuse_key(const std::string& fingerprint, std::string reason, Duration rest) QC_EXCLUDES(mutex_);
    void accept_key(const std::string& fingerprint) QC_EXCLUDES(mutex_);
    /// Why requests with this key are not sent just now; empty if they are.
    [[nodiscard]] std::string bad_key(const std::string& fingerprint) const QC_EXCLUDES(mutex_);

    Provider provider_;
    const Surroundings& surroundings_;
    quota::Breaker breaker_;
    quota::RetryBudget budget_;
    mutable Mutex mutex_;
    std::shared_ptr<const Configured> configured_ QC_GUARDED_BY(mutex_);
    std::optional<BadKey> bad_key_ QC_GUARDED_BY(mutex_);
};

}  // namespace quantconf::sources
