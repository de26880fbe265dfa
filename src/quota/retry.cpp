#include "quota/retry.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"
#include "quota/saturating.hpp"

namespace quantconf::quota {
namespace {

constexpr double kJitter = 0.25;  ///< Of everything but full jitter, upwards.

double fibonacci(int n, double enough) {  // 1, 1, 2, 3, 5...; stops growing when it is enough.
    double previous = 0;
    double current = 1;
    for (int i = 1; i < n && current < enough; ++i) {
        const double next = previous + current;
        previous = current;
        current = next;
    }
    return current;
}

/// By how much the base is multiplied; may be infinite. `enough`: more makes no difference.
double multiple(const RetryPolicy& policy, int retry, double enough) {
    switch (policy.growth) {
        case Growth::Exponential:
            return std::pow(policy.factor, retry - 1);
        case Growth::Linear:
            return policy.factor * retry;
        case Growth::Fibonacci:
            return fibonacci(retry, enough);
        case Growth::Constant:
            return 1;
    }
    return 1;
}

/// base x multiple, at most the cap.
Duration unjittered(const RetryPolicy& policy, int retry) {
    if (policy.base == Duration{} || policy.cap == Duration{}) {
        return Duration{};
    }
    const double enough = static_cast<double>(policy.cap.count()) / static_cast<double>(policy.base.count());
    const double factor = multiple(policy, retry, enough);
    if (factor >= enough) {
        return policy.cap;
    }
    const double count = static_cast<double>(policy.base.count()) * factor;
    return std::min(policy.cap, Duration{static_cast<Duration::rep>(count)});
}

double draw(const Random& random) {
    const double number = random();
    QC_ASSERT(number >= 0 && number < 1);
    return number;
}

Duration own_pause(const RetryPolicy& policy, int retry, const Random& random) {
    const Duration pause = unjittered(policy, retry);
    if (policy.growth == Growth::Exponential) {
        return share_of(pause, draw(random));
    }
    return std::min(policy.cap, saturating_sum(pause, share_of(pause, kJitter * draw(random))));
}

}  // namespace

Duration pause_before(const RetryPolicy& policy, int retry, std::optional<Duration> at_least,
                      const Random& random) {
    QC_ASSERT(retry >= 1);
    QC_ASSERT(policy.base >= Duration{} && policy.cap >= Duration{});
    QC_ASSERT(std::isfinite(policy.factor) && policy.factor > 0);
    const Duration own = own_pause(policy, retry, random);
    if (!at_least || *at_least <= Duration{}) {
        return own;
    }
    const Duration spread = std::min(policy.cap, share_of(*at_least, kJitter));
    return std::max(own, saturating_sum(*at_least, share_of(spread, draw(random))));
}

std::string why_not_again(const Attempt& attempt, const RetryPolicy& policy) {
    const sources::Verdict& verdict = attempt.verdict;
    using enum sources::KeyStatus;
    if (!attempt.is_idempotent) {
        return "a request that may change something is sent once";
    }
    if (verdict.detail == "bad_request") {
        return "the same question is as wrong the next time";
    }
    if (verdict.detail == "no_data") {
        return "there is no data to be had";
    }
    if (verdict.detail == "blocked") {
        return "a block in front of the provider gets longer by asking";
    }
    switch (verdict.status) {
        case Valid:
            return "the provider has answered";
        case Invalid:
            return "a key that is not known is not known the next time either";
        case Expired:
            return "an expired key does not come back";
        case NotEntitled:
            return "the plan does not include this";
        case QuotaExhausted:
            return "a quota that is used up is not there again";
        case Unknown:
            return "an answer that proves nothing is no reason to ask again";
        case Unreachable:
        case RateLimited:
            break;
    }
    if (attempt.retries_so_far >= policy.max_retries) {
        return policy.max_retries <= 0 ? "repetitions are switched off" : "it was repeated often enough";
    }
    if (attempt.time_left <= Duration{}) {
        return "no time is left";
    }
    if (verdict.wait && *verdict.wait >= attempt.time_left) {
        return "the provider asks for a longer wait than there is time";
    }
    return {};
}

}  // namespace quantconf::quota
