#include <algorithm>

#include "live/engine.hpp"

namespace quantconf::live {

std::chrono::steady_clock::time_point Engine::upkeep_at() const {
    constexpr auto kNever = std::chrono::steady_clock::time_point::max();
    const MutexLock lock{mutex_};
    return has_upkeep() ? std::min(upkeep_.due_at(), owed_again_.value_or(kNever)) : kNever;
}

bool Engine::has_upkeep() const {
    return parts_.keep_history && parts_.role == RecorderRole::Process;
}

void Engine::upkeep() {
    if (!has_upkeep() || subscribers_.is_inside()) {  // A subscriber is told about a change: it has the turn.
        return;
    }
    if (is_owed_due()) {
        const MutexLock turn{turn_};
        record_owed();
    }
    if (upkeep_.is_look_due()) {
        const MutexLock turn{turn_};
        look_at_history();
    }
    if (upkeep_.is_word_due()) {
        const MutexLock turn{turn_};
        const Recorder::Briefly briefly{recorder_};
        report();
    }
    upkeep_.forget_if_due();
}

bool Engine::is_owed_due() const {
    const MutexLock lock{mutex_};
    return owed_again_ && parts_.steady_now() >= *owed_again_;
}

void Engine::record_owed() {
    const Recorder::Briefly briefly{recorder_};  // It has the turn: who reduces risk would wait for it.
    history::VersionNumber number = 0;
    while (!owed_.empty()) {
        const auto done = publish_in_history(owed_.front());
        if (!done) {
            const MutexLock lock{mutex_};
            owed_again_ = parts_.steady_now() + kOwedPause;
            return;
        }
        number = done->number;
        owed_.erase(owed_.begin());
    }
    bool has_none = false;
    {
        const MutexLock lock{mutex_};
        owed_again_.reset();
        health_.history_ok = true;
        health_.history_error.clear();
        has_none = current_->label.number == 0;
    }
    if (has_none && number != 0) {
        name_current(number);
    }
    note_recorded();
    report();
}

void Engine::name_current(history::VersionNumber number) {
    const MutexLock lock{mutex_};
    auto named = std::make_shared<Version>(*current_);
    named->label.number = number;
    parts_.show(named);
    current_ = named;
    health_.version = named->label;
}

history::ProcessStatus Engine::status() const {
    LiveHealth health = this->health();
    {
        const MutexLock lock{mutex_};
        if (refused_by_disk_ != 0) {  // Also where the files have been found unchanged since.
            health.last_reload_ok = false;
            health.last_error += (health.last_error.empty() ? "" : "; ") + health.history_error;
        }
    }
    return {.environment = health.version.environment,
            .version = health.version.number,
            .last_reload_ok = health.last_reload_ok,
            .last_error = health.last_error,
            .following = health.following,
            .pending = health.pending};
}

void Engine::report() {
    if (!parts_.keep_history) {
        return;
    }
    if (!owed_.empty()) {  // It is said with the record: nobody is made to wait for what cannot be written.
        upkeep_.has_spoken();
        return;
    }
    const auto done = recorder_.report(status());
    upkeep_.has_spoken();
    note_history(done);
}

void Engine::note_history(const Outcome<void>& done) {
    const MutexLock lock{mutex_};
    if (!done) {
        health_.history_ok = false;
        health_.history_error =
            to_text(Error{done.error().operation, done.error().subject, done.error().cause, {}});
        is_unreported_ = true;
    } else if (is_unreported_) {
        health_.history_ok = true;
        health_.history_error.clear();
        is_unreported_ = false;
    }
}

}  // namespace quantconf::live
