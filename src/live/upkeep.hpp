#pragma once

#include <chrono>
#include <filesystem>
#include <functional>

#include "base/clock.hpp"
#include "history/version.hpp"
#include "quantconf/detail/mutex.hpp"
#include "quantconf/live.hpp"

namespace quantconf::live {

/// What one manager does for state.db now and then: says that it still lives, and forgets versions that need
/// not be kept. Knows when each is due. Any thread.
class Upkeep {
public:
    using Steady = std::chrono::steady_clock::time_point;

    /// Between two signs of life: a small part of history::limits::kForeignSilence.
    static constexpr std::chrono::minutes kWordEvery{5};
    /// Between the last word and the next one, where something was looked at and there is nothing new to say.
    static constexpr std::chrono::seconds kWordAfterLook{10};
    /// Between two looks at state.db, where somebody calls that often: a follower does when it polls.
    static constexpr std::chrono::seconds kLookEvery{1};
    /// Forgetting is due so long after the last time, first after kWordEvery: who starts has better to do ...
    static constexpr std::chrono::hours kForgetEvery{24};
    /// ... and after each version whose number this divides, whoever made those between.
    static constexpr history::VersionNumber kForgetEachVersions = 100;

    /// `file` is DIR/state.db. `clock` outlives it.
    Upkeep(std::filesystem::path file, Retention retention, const Clock& clock,
           std::function<Steady()> steady_now);

    /// Whether nothing was said for kWordEvery.
    [[nodiscard]] bool is_word_due() const QC_EXCLUDES(mutex_);
    void has_spoken() QC_EXCLUDES(mutex_);
    /// New files were looked at and gave nothing new. Who waits for this process to show what others recorded
    /// hears soon that it has looked.
    void has_looked() QC_EXCLUDES(mutex_);
    /// Whether state.db was not looked at for kLookEvery.
    [[nodiscard]] bool is_look_due() const QC_EXCLUDES(mutex_);
    void has_looked_at_history() QC_EXCLUDES(mutex_);
    void has_published(history::VersionNumber number) QC_EXCLUDES(mutex_);
    /// Forgets what the history need not keep, if that is due. With a connection of its own and in short
    /// transactions: nobody who publishes waits for it. What fails is tried again the next time.
    void forget_if_due() QC_EXCLUDES(mutex_);
    /// When to ask again.
    [[nodiscard]] Steady due_at() const QC_EXCLUDES(mutex_);

private:
    /// Whether it is due; then it is not any more.
    [[nodiscard]] bool take_turn_to_forget() QC_EXCLUDES(mutex_);

    const std::filesystem::path file_;
    const Retention retention_;
    const Clock& clock_;
    const std::function<Steady()> steady_now_;
    mutable Mutex mutex_;
    Steady spoken_at_ QC_GUARDED_BY(mutex_);
    Steady word_at_ QC_GUARDED_BY(mutex_);
    Steady look_at_ QC_GUARDED_BY(mutex_);
    Steady forget_at_ QC_GUARDED_BY(mutex_);
};

}  // namespace quantconf::live
