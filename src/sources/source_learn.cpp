// What an answer means for those who ask next.

#include "sources/pause.hpp"
#include "sources/source_run.hpp"

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

/// A key that was refused once is not tried again before its verdict can be confirmed.
constexpr Duration kRefusedKeyRest = 30s;

/// Whether a failure says that nobody is there, or that a server is broken; not that it refuses.
bool counts_against_the_server(const Verdict& verdict) {
    return verdict.status == KeyStatus::Unreachable;
}

}  // namespace

void GovernedSource::Run::learn_of_server(const Verdict& verdict, quota::Breaker::Ticket ticket,
                                          bool was_hurried) {
    if (was_hurried) {
        source_.breaker_.no_result(ticket);
    } else if (counts_against_the_server(verdict)) {
        source_.breaker_.failure(ticket, around_.timeline.since_boot());
    } else {
        source_.breaker_.success(ticket);
    }
}

void GovernedSource::Run::learn(const Verdict& verdict, const Asked& asked) {
    const auto limiter = source_.limiter_of(*configured_);
    const LimitHeaders& headers = configured_->source->limit_headers;
    if (verdict.remaining && verdict.reset && headers.per > 0ns && !asked.is_token_request) {
        limiter->ledger().observe_remaining(headers.per, *verdict.remaining, *verdict.reset,
                                            configured_->settings.limits);
    }
    if (const auto pause = pause_after(verdict)) {
        limiter->ledger().pause(pause->wait, pause->reason);
    }
    learn_of_key(verdict);
}

void GovernedSource::Run::learn_of_key(const Verdict& verdict) {
    const std::string& fingerprint = configured_->fingerprint;
    const bool is_bad = (verdict.status == KeyStatus::Invalid || verdict.status == KeyStatus::Expired) &&
                        verdict.detail != "token_expired";
    if (fingerprint.empty() || (!is_bad && verdict.status != KeyStatus::Valid)) {
        return;
    }
    if (is_bad) {
        source_.refuse_key(fingerprint, verdict.reason, kRefusedKeyRest);
    } else {
        source_.accept_key(fingerprint);
    }
    if (around_.on_verdict) {
        around_.on_verdict(*configured_->source, fingerprint, verdict);
    }
}

}  // namespace quantconf::sources
