#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "history/problem.hpp"
#include "live/engine.hpp"
#include "live/layer_records.hpp"
#include "live/problem.hpp"
#include "quantconf/detail/try.hpp"
#include "value/canonical.hpp"

namespace quantconf::live {

namespace {

/// Values of files, as nobody shows them.
history::NewVersion said_by_files(const layers::Candidate& candidate, history::Kind kind) {
    history::NewVersion version{.hash = {},
                                .environment = candidate.environment,
                                .kind = kind,
                                .canonical = value::canonical(candidate.root),
                                .layers = layer_records(candidate),
                                .secrets = secret_versions(candidate)};
    version.hash = crypto::sha256_hex(version.canonical);
    return version;
}

}  // namespace

std::vector<history::NewVersion> Engine::versions_of_files(const Version& version,
                                                           const ChangeRequest& request,
                                                           history::NewVersion& shown) {
    std::vector<history::NewVersion> earlier;
    if (request.changes_files && request.before != nullptr) {
        earlier.push_back(said_by_files(*request.before, history::Kind::Load));
        earlier.back().if_unknown = true;
    }
    if (request.changes_files && version.candidate->hash != shown.hash) {
        history::NewVersion files = said_by_files(*version.candidate, request.kind);
        files.author = std::move(shown.author);
        files.reason = std::move(shown.reason);
        files.rolled_back_to = shown.rolled_back_to;
        files.changes_files = true;
        files.replaces = std::move(shown.replaces);
        earlier.push_back(std::move(files));
        // What readers see of it is what a reload would show them.
        shown.kind = history::Kind::Reload;
        shown.author.clear();
        shown.reason.clear();
        shown.rolled_back_to = 0;
        shown.changes_files = false;
        shown.replaces.clear();
    }
    return earlier;
}

Outcome<history::VersionNumber> Engine::record_current() {
    const MutexLock turn{turn_};
    QC_TRY(const auto recorded, recorder_.record(for_history(*current(), {.kind = history::Kind::Load}, {})));
    name_current(recorded.number);
    return recorded.number;
}

Outcome<history::VersionInfo> Engine::publish_in_history(const history::NewVersion& version,
                                                         std::span<const history::NewVersion> earlier) {
    auto done = recorder_.publish(version, earlier);
    if (done || done.error().cause != Problem::HistoryLost) {
        return done;
    }
    if (auto went_on = go_on_in_another_history(); !went_on) {
        return std::unexpected{std::move(went_on).error()};
    }
    return recorder_.publish(version, earlier);
}

void Engine::note_refused_by_disk(const Error& error) {
    if (error.cause == history::Problem::Conflict || error.cause == history::Problem::Locked) {
        return;
    }
    const MutexLock lock{mutex_};
    ++refused_by_disk_;
    disk_error_ = to_text(Error{error.operation, error.subject, error.cause, {}});
}

void Engine::note_recorded() {
    const MutexLock lock{mutex_};
    refused_by_disk_ = 0;
    disk_error_.clear();
}

void Engine::look_at_history() {
    if (!recorder_.published()) {
        return;  // It could not be used so far: whoever publishes, or owes a record, tries again.
    }
    upkeep_.has_looked_at_history();
    auto done = recorder_.look();
    if (!done && done.error().cause == Problem::HistoryLost) {
        done = go_on_in_another_history();
    } else if (!done && done.error().cause == history::Problem::NoSuchProcess) {
        done = come_back();
    }
    bool is_to_be_said = false;
    {
        const MutexLock lock{mutex_};
        is_to_be_said = done && is_unreported_;
    }
    if (!done) {
        note_history(done);
    } else if (is_to_be_said) {
        report();
    }
}

Outcome<void> Engine::come_back() {
    QC_TRY(const bool is_known, recorder_.show_again(status()));
    if (!is_known) {
        // Readers may need what they see in the history: "v7" on an order, `diff v7 live`.
        QC_TRY(const auto recorded,
               recorder_.publish(for_history(*current(), {.kind = history::Kind::Load}, {})));
        name_current(recorded.number);
    }
    report();
    return {};
}

Outcome<void> Engine::go_on_in_another_history() {
    const std::shared_ptr<const Version> live = current();
    const history::VersionNumber number = recorder_.published()->number;
    const std::string reason = fmt::format(
        "state.db was deleted, or replaced by an older or other one, while this process showed v{}: the "
        "history "
        "goes on here, and what lay between is lost",
        number);
    auto version = for_history(*live, {.kind = history::Kind::Load, .reason = reason}, {});
    version.follows = number;
    QC_TRY(const auto recorded, recorder_.publish(version));
    name_current(recorded.number);
    {
        const MutexLock lock{mutex_};
        health_.history_break = reason;
    }
    report();
    return {};
}

}  // namespace quantconf::live
