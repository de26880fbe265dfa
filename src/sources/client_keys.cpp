#include "sources/client_keys.hpp"

#include <array>
#include <utility>

#include "sources/classify.hpp"
#include "sources/key_list.hpp"

namespace quantconf::sources {

ClientKeys::ClientKeys(ClientState& state, const Salt& salt, Options options)
    : state_{state},
      salt_{salt},
      options_{std::move(options)},
      store_{options_.store, state.surroundings().timeline},
      quota_{[this](Provider provider) { return state_.source(provider).configured()->limiter; }} {}

void ClientKeys::begin() {
    if (!options_.is_scheduled) {
        return;
    }
    schedule_ = std::make_unique<KeySchedule>(ScheduleTools{
        .keys = [this] { return scheduled(); },
        .record_of =
            [this](const KeyToCheck& key) { return store_.find(key.source->provider, key.fingerprint); },
        .check = [this](std::span<const KeyToCheck> keys,
                        const std::stop_token& stop) { static_cast<void>(check_these(keys, stop)); },
        .tell =
            [this](const KeyEvent& event) {
                if (options_.on_key) {
                    options_.on_key(event.report);
                }
            },
        .timeline = state_.surroundings().timeline,
        .random = state_.surroundings().random,
    });
}

ScheduledKeys ClientKeys::scheduled() const {
    const auto config = state_.config();
    const auto catalogue = state_.catalogue();
    return {.keys = keys_of(*config, *catalogue, salt_, {}, state_.surroundings().clock.now()),
            .interval = config->data_sources.key_check_interval,
            .holds = catalogue};
}

std::vector<KeyReport> ClientKeys::check(std::span<const Provider> providers, const std::stop_token& stop) {
    const auto catalogue = state_.catalogue();  // The keys point into it.
    const auto keys =
        keys_of(*state_.config(), *catalogue, salt_, providers, state_.surroundings().clock.now());
    return check_these(keys, stop);
}

std::vector<KeyReport> ClientKeys::check_these(std::span<const KeyToCheck> keys,
                                               const std::stop_token& stop) {
    const auto catalogue = state_.catalogue();
    // As they are when the check begins: what is charged to one ledger is given back to that one, and an
    // answer about the old key is read with the old key taken out, whatever is configured meanwhile.
    std::array<std::shared_ptr<const Configured>, kProviders> now;
    for (std::size_t i = 0; i < kProviders; ++i) {
        GovernedSource& source = state_.source(static_cast<Provider>(i));
        source.keep_ledger_in_place();
        now[i] = source.configured();
    }
    const auto of = [&now](Provider provider) { return now.at(static_cast<std::size_t>(provider)); };
    LimiterQuota quota{[&](Provider provider) { return of(provider)->limiter; }};
    KeyChecker checker{{.send = state_.surroundings().send,
                        .quota = quota,
                        .store = store_,
                        .classify =
                            [&](const Source& source, const Asked& asked, const net::Response& answer) {
                                return classify(*catalogue, source, asked, answer,
                                                *of(source.provider)->redactor, state_.surroundings().clock);
                            }},
                       state_.config()->environment};
    auto reports = checker.check(keys, stop);
    for (const KeyReport& report : reports) {
        state_.source(report.source).set_key_status(report.fingerprint, report.status, report.reason);
    }
    return reports;
}

void ClientKeys::heard(const Source& source, const std::string& fingerprint, const Verdict& verdict) {
    const Heard heard{
        .source = &source, .fingerprint = fingerprint, .verdict = verdict, .evidence = Evidence::Traffic};
    const KeyRecord record = store_.record(heard);
    if (schedule_ != nullptr && record.doubts > 0) {
        schedule_->wake();  // It has to be confirmed.
    }
    if (is_bad(record.status)) {
        state_.source(source.provider).set_key_status(fingerprint, record.status, record.reason);
    }
}

std::optional<KeyReport> ClientKeys::report(Provider provider) {
    const auto configured = state_.source(provider).configured();
    if (configured->fingerprint.empty()) {
        return std::nullopt;
    }
    const KeyRecord record = store_.find(provider, configured->fingerprint);
    if (!record.attempted) {
        return std::nullopt;
    }
    KeyReport report = report_of(record, state_.surroundings().clock.now());
    if (const auto today = quota_.today(*configured->source)) {
        report.daily_used = today->used;
        report.daily_limit = today->limit;
    }
    report.expires = configured->settings.credentials.key.facts().expires;
    return report;
}

void ClientKeys::changed() {
    if (schedule_ != nullptr) {
        schedule_->wake();
    }
}

}  // namespace quantconf::sources
