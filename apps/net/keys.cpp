#include <algorithm>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "apps/net/commands.hpp"
#include "apps/net/key_output.hpp"
#include "apps/net/opened_client.hpp"
#include "apps/quantconf/exit_code.hpp"

namespace quantconf::app {

namespace {

using sources::KeyReport;
using sources::KeyStatus;

/// Whether it was not asked, because there is no key or it may not be sent to that address: then there is
/// something to do about it.
bool was_refused_here(const KeyReport& report) {
    const bool is_of_this_machine = report.last_detail == "ledger";  // A world that failed, not a wrong key.
    return report.last_status == KeyStatus::Unknown && !report.hint.empty() && !is_of_this_machine;
}

/// What the shell is told: 1 if a key is bad or cannot be asked about as it stands, else 3 if an answer is
/// missing or proves nothing.
int exit_code_of(const std::vector<KeyReport>& reports) {
    using enum KeyStatus;
    const auto any = [&](auto... statuses) {
        return std::ranges::any_of(reports, [&](const KeyReport& report) {
            return ((report.status == statuses || report.last_status == statuses) || ...);
        });
    };
    if (any(Invalid, Expired) || std::ranges::any_of(reports, was_refused_here)) {
        return kAnswerIsNo;
    }
    return any(Unreachable, Unknown) ? kWorldFailed : kFine;
}

/// The reports in the order of the question, and a word about those who have no key.
std::vector<KeyReport> in_order(std::vector<KeyReport> reports, std::span<const sources::Provider> asked,
                                const KeyPlaces& places) {
    std::vector<KeyReport> all;
    for (const sources::Provider provider : asked) {
        const auto found = std::ranges::find(reports, provider, &KeyReport::source);
        if (found != reports.end()) {
            all.push_back(std::move(*found));
        } else {
            all.push_back({.source = provider,
                           .detail = "not_configured",
                           .reason = places.why_missing(provider),
                           .hint = places.how_to_set(provider)});
        }
    }
    return all;
}

}  // namespace

int run_keys(const Session& session) {
    const auto providers = named_sources(session, session.arguments().operands);
    if (!providers) {
        return providers.error();
    }
    const auto opened = OpenedClient::open(session);
    if (!opened) {
        return opened.error();
    }
    if (const auto failed = fail_if_store_is_closed(session, **opened, *providers)) {
        return *failed;
    }
    const bool is_for_all = session.arguments().operands.empty();
    std::vector<sources::Provider> with_keys;
    std::ranges::copy_if(*providers, std::back_inserter(with_keys),
                         [&](sources::Provider provider) { return (*opened)->has_key(provider); });
    std::vector<KeyReport> reports;
    if (!with_keys.empty()) {  // To the client, none means all.
        reports = (*opened)->client().check_keys(with_keys);
    }
    for (KeyReport& report : reports) {
        if (report.detail == "missing") {
            report.hint = (*opened)->places().how_to_set(report.source);
        }
        const bool is_refused = report.last_status == KeyStatus::Invalid ||
                                report.last_status == KeyStatus::Expired ||
                                report.status == KeyStatus::Invalid || report.status == KeyStatus::Expired;
        if (is_refused && report.hint.empty()) {
            report.hint = (*opened)->places().how_to_replace(report.source);
        }
    }
    if (!is_for_all) {
        reports = in_order(std::move(reports), *providers, (*opened)->places());
    }
    if (session.arguments().format == "json") {
        print_keys_json(session, reports);
    } else if (reports.empty()) {
        session.out().print("no source has a key\n");
        session.err().print(session.err().cyan("hint:") +
                            " `quantconf keys check SOURCE` says where the key of a source belongs\n");
    } else {
        print_keys(session, reports);
    }
    return exit_code_of(reports);
}

}  // namespace quantconf::app
