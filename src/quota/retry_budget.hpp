#pragma once

#include <array>
#include <cstdint>

#include "quantconf/detail/mutex.hpp"
#include "quantconf/types.hpp"

namespace quantconf::quota {

/// Keeps repetitions from becoming a storm: within any minute at most 10 % of its requests, and three on top.
/// Nothing is saved up: a quiet day does not pay for a storm. Any thread; time is passed in, from a steady
/// clock.
class RetryBudget {
public:
    static constexpr std::int64_t kPercent = 10;
    static constexpr std::int64_t kOnTop = 3;

    /// A first attempt. Repetitions are not requests here, or they would pay for more of themselves.
    void request(Duration now);
    /// Takes one, or says no.
    [[nodiscard]] bool take(Duration now);

private:
    /// What happened within one second. Seconds are counted in a ring, so that memory is bounded.
    struct Second {
        std::int64_t number = -1;
        std::int64_t requests = 0;
        std::int64_t taken = 0;
    };
    static constexpr std::int64_t kMinute = 60;

    Second& at(Duration now) QC_REQUIRES(mutex_);

    Mutex mutex_;
    /// One more than a minute has: a part of the oldest second still lies within the last 60 seconds. What
    /// was taken in it counts, its requests do not: in doubt, no.
    std::array<Second, kMinute + 1> seconds_ QC_GUARDED_BY(mutex_) = {};
    std::int64_t latest_ QC_GUARDED_BY(mutex_) = 0;
};

}  // namespace quantconf::quota
