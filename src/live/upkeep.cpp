#include "live/upkeep.hpp"

#include <algorithm>
#include <utility>

#include "audit/log.hpp"
#include "history/history.hpp"
#include "state/database.hpp"

namespace quantconf::live {
namespace {

/// Somebody else is at work, perhaps the same work: it can wait.
constexpr std::chrono::milliseconds kBusyTimeout{500};

}  // namespace

Upkeep::Upkeep(std::filesystem::path file, Retention retention, const Clock& clock,
               std::function<Steady()> steady_now)
    : file_{std::move(file)},
      retention_{retention},
      clock_{clock},
      steady_now_{std::move(steady_now)},
      spoken_at_{steady_now_()},
      word_at_{spoken_at_ + kWordEvery},
      look_at_{spoken_at_ + kLookEvery},
      forget_at_{word_at_} {}

bool Upkeep::is_word_due() const {
    const MutexLock lock{mutex_};
    return steady_now_() >= word_at_;
}

void Upkeep::has_spoken() {
    const MutexLock lock{mutex_};
    spoken_at_ = steady_now_();
    word_at_ = spoken_at_ + kWordEvery;
}

void Upkeep::has_looked() {
    const MutexLock lock{mutex_};
    word_at_ = std::min(word_at_, spoken_at_ + kWordAfterLook);
}

bool Upkeep::is_look_due() const {
    const MutexLock lock{mutex_};
    return steady_now_() >= look_at_;
}

void Upkeep::has_looked_at_history() {
    const MutexLock lock{mutex_};
    look_at_ = steady_now_() + kLookEvery;
}

void Upkeep::has_published(history::VersionNumber number) {
    const MutexLock lock{mutex_};
    if (number != 0 && number % kForgetEachVersions == 0) {
        forget_at_ = std::min(forget_at_, steady_now_());
    }
}

Upkeep::Steady Upkeep::due_at() const {
    const MutexLock lock{mutex_};
    return std::min(word_at_, forget_at_);
}

bool Upkeep::take_turn_to_forget() {
    const MutexLock lock{mutex_};
    if (steady_now_() < forget_at_) {
        return false;
    }
    forget_at_ = steady_now_() + kForgetEvery;
    return true;
}

void Upkeep::forget_if_due() {
    if (!take_turn_to_forget()) {
        return;
    }
    auto database =
        state::Database::open(file_, {.access = state::Access::Write, .busy_timeout = kBusyTimeout});
    if (database) {
        audit::Log log{*database, std::nullopt, {.clock = clock_}};
        // Whoever publishes notices what is wrong with state.db, and says so.
        (void)history::History{*database, log, clock_}.prune(retention_);
    }
}

}  // namespace quantconf::live
