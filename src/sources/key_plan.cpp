#include "sources/key_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

constexpr Duration kActivation = 10min;  // OpenWeather activates keys within two hours.
constexpr Duration kRetryFirst = 5min;
constexpr int kDoublingsMax = 10;  // Five minutes 1,024 times are more than any interval.
constexpr Duration kWaitMax = 24h;
constexpr double kJitterShare = 0.1;

struct Stage {
    ExpiryStage stage;
    Duration left;
};
constexpr std::array kStages{Stage{ExpiryStage::Expired, 0h}, Stage{ExpiryStage::OneDay, 24h},
                             Stage{ExpiryStage::ThreeDays, 3 * 24h}, Stage{ExpiryStage::TwoWeeks, 14 * 24h}};

Duration pause_after_failures(int failures, Duration interval) {
    Duration pause = kRetryFirst;
    for (int i = 1; i < std::min(failures, kDoublingsMax) && pause < interval; ++i) {
        pause *= 2;
    }
    return std::min(pause, interval);
}

/// From the last attempt on.
Duration pause_after(const KeyRecord& record, Duration interval) {
    if (record.failures > 0) {
        if (record.last_detail == "pending_activation") {
            return std::min(kActivation, interval);
        }
        return pause_after_failures(record.failures, interval);
    }
    return record.doubts > 0 ? kConfirmAfter : interval;
}

Duration with_jitter(Duration pause, double jitter) {
    const double more = static_cast<double>(pause.count()) * kJitterShare * std::clamp(jitter, 0.0, 1.0);
    return pause + Duration{std::llround(more)};
}

/// Until the next stage begins; nothing behind the last.
std::optional<Duration> until_next_stage(const std::optional<Time>& expires, Time now) {
    if (!expires) {
        return std::nullopt;
    }
    // More than an hour is an hour to us: no date is too far away to be counted in nanoseconds.
    constexpr auto kMost = std::chrono::floor<std::chrono::microseconds>(kLookAtLeast);
    std::optional<std::chrono::microseconds> soonest;
    for (const Stage& stage : kStages) {
        const auto begin = *expires - std::chrono::floor<Time::duration>(stage.left);
        if (begin > now) {
            soonest = std::min({begin - now, kMost, soonest.value_or(kMost)});
        }
    }
    return soonest;
}

}  // namespace

Duration due_in(const KeyRecord& record, Duration interval, const Moment& now, double jitter) {
    if (!record.attempted) {
        return {};
    }
    const std::optional<Duration> passed = elapsed(*record.attempted, now);
    if (!passed) {
        return {};  // Nobody knows when it was; the check that follows is a new beginning.
    }
    const Duration asked_for = std::min(record.wait.value_or(Duration{}), kWaitMax);
    const Duration pause = std::max(pause_after(record, interval), asked_for);
    return std::max(with_jitter(pause, jitter) - *passed, Duration{});
}

ExpiryStage stage_of(const std::optional<Time>& expires, Time now) {
    if (expires) {
        for (const Stage& stage : kStages) {
            if (*expires - std::chrono::floor<Time::duration>(stage.left) <= now) {
                return stage.stage;
            }
        }
    }
    return ExpiryStage::Far;
}

KeyPlan::Memory& KeyPlan::memory_of(const KeyRecord& record) {
    const auto [found, is_new] = memories_.try_emplace({record.source, record.fingerprint});
    if (is_new) {
        found->second.jitter = random_();
    }
    return found->second;
}

void KeyPlan::tell(const PlannedKey& key, Memory& memory, Time now, std::vector<KeyEvent>& events) const {
    const auto add = [&](KeyEvent::Kind kind) {
        KeyReport report = report_of(key.record, now);
        report.expires = key.expires;
        events.push_back({.kind = kind, .report = std::move(report)});
    };
    const KeyStatus status = key.record.status;
    const bool is_first_look = !memory.told;
    // That a key is as good as it was when we came is no news.
    const bool is_news =
        is_first_look ? is_bad(status) || status == KeyStatus::NotEntitled : status != *memory.told;
    memory.told = status;
    if (is_news) {
        add(KeyEvent::Kind::VerdictChanged);
    }
    const ExpiryStage stage = stage_of(key.expires, now);
    if (stage > memory.stage) {
        memory.stage = stage;
        add(stage == ExpiryStage::Expired ? KeyEvent::Kind::HasExpired : KeyEvent::Kind::AboutToExpire);
    }
}

KeyLook KeyPlan::look(std::span<const PlannedKey> keys, Duration interval, const Moment& now) {
    KeyLook look{.rest = kLookAtLeast};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        Memory& memory = memory_of(keys[i].record);
        tell(keys[i], memory, now.wall, look.events);
        Duration due = due_in(keys[i].record, interval, now, memory.jitter);
        if (memory.checked) {
            const Duration since = elapsed(*memory.checked, now).value_or(Duration{});
            due = std::max(due, kCheckAtMost - since);
        }
        if (due <= Duration{}) {
            look.due.push_back(i);
        } else {
            look.rest = std::min(look.rest, due);
        }
        if (const auto stage = until_next_stage(keys[i].expires, now.wall)) {
            look.rest = std::min(look.rest, *stage);
        }
    }
    return look;
}

void KeyPlan::checked(std::span<const PlannedKey> keys, const Moment& now) {
    for (const PlannedKey& key : keys) {
        Memory& memory = memory_of(key.record);
        memory.checked = now;
        memory.jitter = random_();
    }
}

}  // namespace quantconf::sources
