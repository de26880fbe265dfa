#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "quantconf/hub.hpp"
#include "quota/timeline.hpp"
#include "sources/key_check.hpp"
#include "sources/key_plan.hpp"

namespace quantconf::sources {

/// The keys of a configuration as it is now, and how often they are to be checked.
struct ScheduledKeys {
    std::vector<KeyToCheck> keys = {};  ///< With fingerprints; those that can be checked.
    Duration interval = std::chrono::hours{24};
    std::shared_ptr<const void> holds = {};  ///< What the keys point to lives as long as this.
};

/// What a schedule needs from outside. Functions are called on its thread; they outlive it.
struct ScheduleTools {
    std::function<ScheduledKeys()> keys;
    std::function<KeyRecord(const KeyToCheck&)> record_of;                           ///< VerdictStore::find.
    std::function<void(std::span<const KeyToCheck>, const std::stop_token&)> check;  ///< KeyChecker::check.
    std::function<void(const KeyEvent&)> tell;
    const quota::Timeline& timeline;
    quota::Random random;
};

/// Keeps the verdicts on keys fresh: a thread that sleeps until the next key is due, has all that are due
/// checked at once, and tells what has changed. Several processes with one state.db share the work: a key
/// that another one has just checked is not due.
///
/// Begins at once. The destructor takes back a check that is under way. In a forked child nothing runs. Not
/// to be destroyed from one of its own functions.
class KeySchedule {
public:
    explicit KeySchedule(ScheduleTools tools);
    KeySchedule(const KeySchedule&) = delete;
    KeySchedule& operator=(const KeySchedule&) = delete;
    ~KeySchedule();

    /// Looks at once: the configuration has changed, or traffic has called a key bad. Any thread.
    void wake();

private:
    struct Loop;

    detail::ProcessMark process_;
    std::unique_ptr<Loop> loop_;
};

}  // namespace quantconf::sources
