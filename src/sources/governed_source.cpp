#include "sources/governed_source.hpp"

#include <utility>

#include <fmt/format.h>

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

/// A quota of a short window is a matter of waiting; that of a long one is used up for today.
constexpr Duration kLongWindow = 1h;
/// A key that is known to be bad is tried once in a while, because providers are wrong, too.
constexpr Duration kBadKeyRest = 10min;

std::shared_ptr<const secrets::Redactor> redactor_for(const Credentials& credentials) {
    auto redactor = std::make_shared<secrets::Redactor>();
    for (const Secret* part : {&credentials.key, &credentials.secret}) {
        part->reveal(grant_secret_access(), [&](std::string_view text) { redactor->add(text); });
    }
    return redactor;
}

}  // namespace

GovernedSource::GovernedSource(Provider provider, const Surroundings& surroundings)
    : provider_{provider}, surroundings_{surroundings}, breaker_{{}, surroundings.random} {}

void GovernedSource::configure(SourceSettings settings, Environment environment,
                               std::shared_ptr<const Catalogue> catalogue) {
    const auto before = configured();
    auto next = std::make_shared<Configured>();
    next->source = &catalogue->at(provider_);
    next->catalogue = std::move(catalogue);
    next->environment = environment;
    next->redactor = redactor_for(settings.credentials);
    const Source& source = *next->source;
    const bool needs_a_key = source.anonymous_probe.path.empty();
    if (settings.credentials.empty() && needs_a_key) {
        next->problem = fmt::format("{} is not set", settings.credential_path);
    }
    if (!settings.credentials.empty()) {
        next->fingerprint = surroundings_.fingerprint(source, settings.credentials);
    }
    const bool is_oauth2 =
        !source.authentication.empty() && source.authentication.front().kind == Authentication::Kind::OAuth2;
    const bool is_same_key = before != nullptr && before->fingerprint == next->fingerprint;
    if (is_same_key && before->limiter != nullptr) {
        next->limiter = before->limiter;
        next->limiter->set_limits(settings.limits);
    } else if (next->problem.empty()) {
        if (auto ledger = surroundings_.open_ledger(source, settings.credentials)) {
            next->limiter = std::make_shared<quota::Limiter>(*std::move(ledger), settings.limits);
        } else {
            next->problem = to_text(ledger.error());
        }
    }
    if (is_oauth2) {
        const bool is_same_server = before != nullptr && is_same_key && before->tokens != nullptr &&
                                    before->settings.token_endpoint == settings.token_endpoint;
        next->tokens = is_same_server ? before->tokens : std::make_shared<TokenKeeper>();
    }
    breaker_.set_policy(settings.breaker);
    next->settings = std::move(settings);
    const MutexLock lock{mutex_};
    configured_ = std::move(next);
}

bool GovernedSource::reopen_ledger(const std::shared_ptr<quota::Limiter>& lost) {
    const auto now = configured();
    if (now->limiter != lost) {
        return now->limiter != nullptr;  // Somebody else was quicker.
    }
    auto ledger = surroundings_.open_ledger(*now->source, now->settings.credentials);
    if (!ledger || !ledger->take_over(lost->ledger())) {
        return false;
    }
    const MutexLock lock{mutex_};
    if (configured_->limiter == lost) {
        auto next = std::make_shared<Configured>(*configured_);
        next->limiter = std::make_shared<quota::Limiter>(*std::move(ledger), next->settings.limits);
        configured_ = std::move(next);
    }
    return true;
}

std::shared_ptr<const Configured> GovernedSource::configured() const {
    const MutexLock lock{mutex_};
    return configured_;
}

std::shared_ptr<quota::Limiter> GovernedSource::limiter_of(const Configured& then) const {
    const auto now = configured();
    return now->limiter != nullptr && now->fingerprint == then.fingerprint ? now->limiter : then.limiter;
}

void GovernedSource::keep_ledger_in_place() {
    const auto now = configured();
    if (now->limiter != nullptr && !now->limiter->ledger().is_in_place()) {
        reopen_ledger(now->limiter);
    }
}

bool GovernedSource::may_be_bridged() const {
    const auto now = configured();
    return now->problem.empty() && bad_key(now->fingerprint).empty();
}

void GovernedSource::set_key_status(const std::string& fingerprint, KeyStatus status, std::string reason) {
    if (status == KeyStatus::Invalid || status == KeyStatus::Expired) {
        refuse_key(fingerprint, std::move(reason), kBadKeyRest);
    } else if (status == KeyStatus::Valid) {
        accept_key(fingerprint);
    }
}

void GovernedSource::refuse_key(const std::string& fingerprint, std::string reason, Duration rest) {
    const Duration until = surroundings_.timeline.since_boot() + rest;
    const MutexLock lock{mutex_};
    if (bad_key_ && bad_key_->fingerprint == fingerprint && bad_key_->until > until) {
        return;
    }
    bad_key_ = BadKey{.fingerprint = fingerprint, .reason = std::move(reason), .until = until};
}

void GovernedSource::accept_key(const std::string& fingerprint) {
    const MutexLock lock{mutex_};
    if (bad_key_ && bad_key_->fingerprint == fingerprint) {
        bad_key_.reset();
    }
}

std::string GovernedSource::bad_key(const std::string& fingerprint) const {
    const Duration now = surroundings_.timeline.since_boot();
    const MutexLock lock{mutex_};
    const bool is_bad = bad_key_ && bad_key_->fingerprint == fingerprint && now < bad_key_->until;
    return is_bad ? fmt::format("it has refused this key: {}", bad_key_->reason) : std::string{};
}

quota::BreakerState GovernedSource::breaker_state() const {
    return breaker_.state(surroundings_.timeline.since_boot());
}

std::string GovernedSource::why_not_now() const {
    const auto now = configured();
    if (!now->problem.empty()) {
        return now->problem;
    }
    if (auto reason = bad_key(now->fingerprint); !reason.empty()) {
        return reason;
    }
    if (breaker_state() == quota::BreakerState::Open) {
        return "it failed several times in a row and is left alone for a while";
    }
    if (const auto usage = now->limiter->ledger().usage(now->settings.limits)) {
        if (usage->paused) {
            return fmt::format("it wants to be left alone: {}", usage->pause_reason);
        }
        for (const quota::WindowUsage& window : usage->windows) {
            if (window.remaining <= 0 && window.window.per >= kLongWindow) {
                return "its quota is used up";
            }
        }
    }
    return {};
}

}  // namespace quantconf::sources
