#include "sources/key_state.hpp"

#include <utility>

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

/// How often traffic that says nothing new is written down.
constexpr Duration kConfirmedEvery = 10min;

/// Whether a verdict decides anything about this key.
bool decides(const KeyRecord& record, const Verdict& verdict, const Source& source, Evidence evidence) {
    if (!is_definite(verdict.status)) {
        return false;
    }
    const bool is_valid = verdict.status == KeyStatus::Valid;
    if (is_valid && !source.proves_validity) {
        // Any text is accepted as a key there. An empty answer comes under throttling, too.
        const bool says_nothing = record.status == KeyStatus::Unknown && verdict.detail == "no_data";
        return evidence == Evidence::Check && !says_nothing;
    }
    // That a plan does not include some question says nothing about the others.
    return evidence == Evidence::Check || verdict.status != KeyStatus::NotEntitled;
}

bool needs_confirmation(const KeyRecord& record) {
    return record.was_valid && !is_bad(record.status);
}

/// Counts a bad answer if it is far enough from the one before.
void doubt(KeyRecord& record, const Moment& now) {
    if (record.doubts == 0 || !record.doubted) {
        record.doubts = 1;
        record.doubted = now;
        return;
    }
    const std::optional<Duration> distance = elapsed(*record.doubted, now);
    if (!distance) {
        record.doubted = now;  // The clock went back: the distance is measured from here.
    } else if (*distance >= kConfirmAfter) {
        ++record.doubts;
        record.doubted = now;
    }
}

void decide(KeyRecord& record, const Verdict& verdict, const Moment& now) {
    if (record.status != verdict.status) {
        record.status = verdict.status;
        record.since = now.wall;
    }
    record.detail = verdict.detail;
    record.reason = verdict.reason;
    record.confirmed = now;
    record.was_valid = record.was_valid || verdict.status == KeyStatus::Valid;
    record.doubts = 0;
    record.doubted.reset();
}

void remember_attempt(KeyRecord& record, const Verdict& verdict, const Moment& now, bool is_decisive) {
    record.last_status = verdict.status;
    record.last_detail = verdict.detail;
    record.last_reason = verdict.reason;
    record.attempted = now;
    record.failures = is_decisive ? 0 : record.failures + 1;
    record.wait = verdict.wait;
    if (verdict.remaining) {
        record.remaining = verdict.remaining;
        record.reset = verdict.reset
                           ? std::optional{now.wall + std::chrono::floor<Time::duration>(*verdict.reset)}
                           : std::nullopt;
    }
}

}  // namespace

Moment moment_of(const quota::Timeline& timeline) {
    return {.wall = timeline.wall(), .since_boot = timeline.since_boot(), .boot = timeline.boot()};
}

std::optional<Duration> elapsed(const Moment& then, const Moment& now) {
    const Duration distance =
        then.boot == now.boot ? now.since_boot - then.since_boot : Duration{now.wall - then.wall};
    return distance < Duration{} ? std::nullopt : std::optional{distance};
}

bool is_definite(KeyStatus status) noexcept {
    using enum KeyStatus;
    return status == Valid || status == Invalid || status == Expired || status == NotEntitled;
}

bool is_bad(KeyStatus status) noexcept {
    return status == KeyStatus::Invalid || status == KeyStatus::Expired;
}

KeyRecord apply(KeyRecord record, const Verdict& verdict, const Moment& now, const Source& source,
                Evidence evidence) {
    const bool is_decisive = decides(record, verdict, source, evidence);
    if (!is_decisive && evidence == Evidence::Traffic) {
        return record;  // How well the source answers is not a matter of the key.
    }
    remember_attempt(record, verdict, now, is_decisive);
    if (!is_decisive) {
        return record;
    }
    if (is_bad(verdict.status) && needs_confirmation(record)) {
        doubt(record, now);
        if (record.doubts < source.confirmations) {
            return record;
        }
    }
    decide(record, verdict, now);
    return record;
}

bool is_news(const KeyRecord& record, const Verdict& verdict, const Moment& now, const Source& source,
             Evidence evidence) {
    if (evidence == Evidence::Check) {
        return true;
    }
    if (!decides(record, verdict, source, evidence)) {
        return false;
    }
    if (is_bad(verdict.status) && needs_confirmation(record) && record.doubts > 0 && record.doubted) {
        const std::optional<Duration> distance = elapsed(*record.doubted, now);
        return !distance || *distance >= kConfirmAfter;
    }
    if (record.status != verdict.status || record.doubts > 0 || !record.confirmed) {
        return true;
    }
    const std::optional<Duration> age = elapsed(*record.confirmed, now);
    return !age || *age >= kConfirmedEvery;
}

KeyReport report_of(const KeyRecord& record, Time now) {
    const bool has_verdict = is_definite(record.status);
    const auto wall_of = [](const std::optional<Moment>& moment) {
        return moment ? std::optional{moment->wall} : std::nullopt;
    };
    const bool has_reset = record.reset && *record.reset <= now;
    return {.source = record.source,
            .status = has_verdict ? record.status : record.last_status,
            .detail = has_verdict ? record.detail : record.last_detail,
            .reason = has_verdict ? record.reason : record.last_reason,
            .since = record.since,
            .checked_at = wall_of(record.confirmed),
            .last_status = record.last_status,
            .last_detail = record.last_detail,
            .last_reason = record.last_reason,
            .last_attempt = wall_of(record.attempted),
            .is_confirming = record.doubts > 0,
            .remaining = has_reset ? std::nullopt : record.remaining,
            .reset = has_reset ? std::nullopt : record.reset,
            .fingerprint = record.fingerprint};
}

}  // namespace quantconf::sources
