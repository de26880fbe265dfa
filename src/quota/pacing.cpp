#include "quota/pacing.hpp"

#include <algorithm>

namespace quantconf::quota {
namespace {

constexpr std::int64_t kForever = std::int64_t{1} << 61;
constexpr std::int64_t kFull = 1'000'000;
constexpr std::int64_t kSlowest = kFull / 10;
constexpr std::int64_t kRecovery = std::int64_t{600} * 1'000'000'000;

/// a * b, or for ever. Neither is negative.
std::int64_t times(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? kForever : std::min(product, kForever);
}

/// From one request to the next at full speed; rounded up, so that the rate is never exceeded.
std::int64_t interval_of(const Pacing& pacing) noexcept {
    return (pacing.per.count() + pacing.requests - 1) / pacing.requests;
}

std::int64_t interval_now(const Live& live, const Pacing& pacing, std::int64_t now) noexcept {
    const std::int64_t interval = interval_of(pacing);
    return pacing.adaptive ? times(interval, kFull) / speed_at(live, now) : interval;
}

/// What is owed stays owed under another rate: as many requests, not as much time.
std::int64_t debt(const Live& live, const Pacing& pacing, std::int64_t now) noexcept {
    const std::int64_t owed = live.due.get() - now;
    const std::int64_t stored = live.interval.get();
    const std::int64_t interval = interval_of(pacing);
    if (owed <= 0 || stored == interval || stored <= 0) {
        return std::max<std::int64_t>(owed, 0);
    }
    const double converted =
        static_cast<double>(owed) * static_cast<double>(interval) / static_cast<double>(stored);
    return converted >= static_cast<double>(kForever) ? kForever : static_cast<std::int64_t>(converted) + 1;
}

}  // namespace

std::int64_t pacing_room_at(const Live& live, const Pacing& pacing, std::int64_t now, std::int64_t cost,
                            std::int64_t ahead) noexcept {
    if (pacing.requests == 0) {
        return now;
    }
    const std::int64_t spare = pacing.burst - std::min(cost, pacing.burst);
    const std::int64_t owed = std::min(kForever, debt(live, pacing, now) + times(ahead, interval_of(pacing)));
    // At full speed, however slow it is now: a slower pace must not make the bucket deeper.
    return now + owed - times(spare, interval_of(pacing));
}

void charge_pacing(Live& live, const Pacing& pacing, std::int64_t now, std::int64_t cost) noexcept {
    if (pacing.requests == 0) {
        return;
    }
    const std::int64_t owed =
        std::min(kForever, debt(live, pacing, now) + times(cost, interval_now(live, pacing, now)));
    live.due.set(now + owed);
    live.interval.set(interval_of(pacing));
}

void refund_pacing(Live& live, std::int64_t cost) noexcept {
    live.due.set(live.due.get() - times(cost, live.interval.get()));
}

std::int64_t speed_at(const Live& live, std::int64_t now) noexcept {
    const std::int64_t slowed = live.slowed_speed.get();
    const std::int64_t since = std::max<std::int64_t>(0, now - live.slowed_at.get());
    if (slowed == 0 || since >= kRecovery) {
        return kFull;
    }
    constexpr std::int64_t kUnit = kRecovery / kFull;
    return std::clamp(slowed + (kFull - slowed) * (since / kUnit) / kFull, kSlowest, kFull);
}

void slow_down(Live& live, std::int64_t now, std::int64_t recover_from) noexcept {
    const std::int64_t speed = std::max(kSlowest, speed_at(live, now) * 7 / 10);
    live.slowed_at.set(recover_from);
    live.slowed_speed.set(speed);
}

}  // namespace quantconf::quota
