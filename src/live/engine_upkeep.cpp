#include "live/engine.hpp"

namespace quantconf::live {

std::chrono::steady_clock::time_point Engine::upkeep_at() const {
    return has_upkeep() ? upkeep_.due_at() : std::chrono::steady_clock::time_point::max();
}

bool Engine::has_upkeep() const {
    return parts_.keep_history && parts_.role == RecorderRole::Process;
}

void Engine::upkeep() {
    if (!has_upkeep() || subscribers_.is_inside()) {  // A subscriber is told about a change: it has the turn.
        return;
    }
    if (upkeep_.is_word_due()) {
        const MutexLock turn{turn_};
        report();
    }
    upkeep_.forget_if_due();
}

void Engine::report() {
    if (!parts_.keep_history) {
        return;
    }
    const LiveHealth health = this->health();
    const auto done = recorder_.report({.environment = health.version.environment,
                                        .version = health.version.number,
                                        .last_reload_ok = health.last_reload_ok,
                                        .last_error = health.last_error,
                                        .following = health.following,
                                        .pending = health.pending});
    upkeep_.has_spoken();
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
