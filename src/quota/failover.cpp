#include "quota/failover.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace quantconf::quota {

FailoverOrder::FailoverOrder() : FailoverOrder{Policy{}} {}

FailoverOrder::FailoverOrder(Policy policy) : policy_{policy} {
    QC_ASSERT(policy.rest >= Duration{} && policy.rest <= Duration::max() / kRestsMax);
    QC_ASSERT(policy.successes >= 1);
}

bool FailoverOrder::is_resting(const Trial& trial, Duration now) {
    return now - trial.failed < trial.rest * trial.rests;
}

std::vector<std::size_t> FailoverOrder::order(const std::vector<Candidate>& candidates, Duration now) const {
    const MutexLock lock{mutex_};
    std::vector<std::size_t> first;
    std::vector<std::size_t> resting;
    for (std::size_t i = 0; i != candidates.size(); ++i) {
        if (!candidates[i].is_usable) {
            continue;
        }
        const auto trial = trials_.find(candidates[i].source);
        const bool rests = trial != trials_.end() && is_resting(trial->second, now);
        (rests ? resting : first).push_back(i);
    }
    first.insert(first.end(), resting.begin(), resting.end());
    return first;
}

void FailoverOrder::success(const std::string& source, Duration now) {
    const MutexLock lock{mutex_};
    const auto trial = trials_.find(source);
    if (trial == trials_.end() || is_resting(trial->second, now)) {
        return;  // While it rests it is asked as the last resort: that does not call it back early.
    }
    if (++trial->second.successes >= policy_.successes) {
        trials_.erase(trial);
    }
}

void FailoverOrder::failure(const std::string& source, Duration now, Setback setback) {
    const Duration rest = setback.rest.value_or(policy_.rest);
    QC_ASSERT(rest >= Duration{} && rest <= Duration::max() / kRestsMax);
    const MutexLock lock{mutex_};
    const auto [trial, is_new] =
        trials_.try_emplace(source, Trial{.failed = now, .rest = rest, .reason = setback.reason});
    if (is_new) {
        return;
    }
    // Of many requests that were on their way together, the first failure counts: the others say the same.
    if (is_resting(trial->second, now)) {
        return;
    }
    trial->second = {.failed = now,
                     .rest = rest,
                     .reason = std::move(setback.reason),
                     .rests = std::min(kRestsMax, trial->second.rests * 2)};
}

std::optional<std::string> FailoverOrder::why_resting(const std::string& source, Duration now) const {
    const MutexLock lock{mutex_};
    const auto trial = trials_.find(source);
    return trial != trials_.end() && is_resting(trial->second, now) ? std::optional{trial->second.reason}
                                                                    : std::nullopt;
}

}  // namespace quantconf::quota
