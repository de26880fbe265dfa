#include "quota/retry_budget.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace quantconf::quota {

RetryBudget::Second& RetryBudget::at(Duration now) {
    // A thread that read the clock a little earlier than another one counts for the later moment.
    latest_ = std::max<std::int64_t>(latest_, std::chrono::floor<std::chrono::seconds>(now).count());
    Second& second = seconds_[static_cast<std::size_t>(latest_) % seconds_.size()];
    if (second.number != latest_) {
        second = {.number = latest_};
    }
    return second;
}

void RetryBudget::request(Duration now) {
    const MutexLock lock{mutex_};
    ++at(now).requests;
}

bool RetryBudget::take(Duration now) {
    const MutexLock lock{mutex_};
    Second& current = at(now);
    std::int64_t requests = 0;
    std::int64_t taken = 0;
    for (const Second& second : seconds_) {
        if (second.number < 0 || second.number < latest_ - kMinute) {
            continue;
        }
        taken += second.taken;
        requests += second.number == latest_ - kMinute ? 0 : second.requests;
    }
    if (taken >= kOnTop + requests * kPercent / 100) {
        return false;
    }
    ++current.taken;
    return true;
}

}  // namespace quantconf::quota
