#include "quota/breaker.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "quota/saturating.hpp"

namespace quantconf::quota {
namespace {

constexpr double kJitter = 0.2;

void require_sound(const BreakerPolicy& policy) {
    QC_ASSERT(policy.threshold >= 1);
    QC_ASSERT(policy.open_for > Duration{} && policy.cap > Duration{});
}

/// open_for, doubled with each opening after the first, at most the cap.
Duration doubled(const BreakerPolicy& policy, int openings) {
    Duration result = std::min(policy.open_for, policy.cap);
    for (int i = 1; i < openings && result < policy.cap; ++i) {
        result = std::min(policy.cap, saturating_sum(result, result));
    }
    return result;
}

}  // namespace

Breaker::Breaker(BreakerPolicy policy, Random random) : policy_{policy}, random_{std::move(random)} {
    require_sound(policy);
}

void Breaker::open(Duration now) {
    ++openings_;
    ++generation_;
    failures_ = 0;
    opened_ = now;
    const Duration longest = doubled(policy_, openings_);
    open_for_ = longest - share_of(longest, kJitter * random_());
    probe_.reset();
    is_half_open_ = false;
}

std::expected<Breaker::Ticket, Duration> Breaker::ask(Duration now) {
    const MutexLock lock{mutex_};
    if (openings_ == 0) {
        return Ticket{generation_};
    }
    if (!is_half_open_) {
        const Duration passed = std::max(Duration{}, now - opened_);
        if (passed < open_for_) {
            return std::unexpected{open_for_ - passed};
        }
        is_half_open_ = true;
    }
    if (probe_ && now - *probe_ < open_for_) {
        return std::unexpected{std::min(kProbeWait, open_for_ - std::max(Duration{}, now - *probe_))};
    }
    probe_ = now;
    return Ticket{++generation_};
}

void Breaker::success(Ticket of) {
    const MutexLock lock{mutex_};
    if (of.generation != generation_) {
        return;  // Of a request from before: that it was answered then says nothing about now.
    }
    failures_ = 0;
    openings_ = 0;
    is_half_open_ = false;
    probe_.reset();
}

void Breaker::failure(Ticket of, Duration now) {
    const MutexLock lock{mutex_};
    if (of.generation != generation_) {
        return;
    }
    if (is_half_open_ || ++failures_ >= policy_.threshold) {
        open(now);
    }
}

void Breaker::no_result(Ticket of) {
    const MutexLock lock{mutex_};
    if (of.generation == generation_) {
        probe_.reset();
    }
}

BreakerState Breaker::state(Duration now) const {
    const MutexLock lock{mutex_};
    if (openings_ == 0) {
        return BreakerState::Closed;
    }
    return is_half_open_ || now - opened_ >= open_for_ ? BreakerState::HalfOpen : BreakerState::Open;
}

void Breaker::set_policy(const BreakerPolicy& policy) {
    require_sound(policy);
    const MutexLock lock{mutex_};
    policy_ = policy;
    open_for_ = std::min(open_for_, policy.cap);
    if (openings_ == 0 && failures_ >= policy.threshold) {
        failures_ = policy.threshold - 1;  // The next failure opens it, not a change of the configuration.
    }
}

}  // namespace quantconf::quota
