#include <fmt/format.h>

#include "history/problem.hpp"
#include "live/engine.hpp"
#include "live/problem.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::live {

Outcome<history::VersionInfo> Engine::publish_in_history(const history::NewVersion& version) {
    auto done = recorder_.publish(version);
    if (done || done.error().cause != Problem::HistoryLost) {
        return done;
    }
    if (auto went_on = go_on_in_another_history(); !went_on) {
        return std::unexpected{std::move(went_on).error()};
    }
    return recorder_.publish(version);
}

void Engine::note_refused_by_disk(const Error& error) {
    // Whoever reads the files meanwhile, or changes them too, is no trouble of the disk.
    const bool is_of_others =
        error.cause == history::Problem::Conflict || error.cause == history::Problem::Locked;
    if (!is_of_others) {
        const MutexLock lock{mutex_};
        ++refused_by_disk_;
        disk_error_ = to_text(Error{error.operation, error.subject, error.cause, {}});
    }
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
