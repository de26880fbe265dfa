#include "sources/key_schedule.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace quantconf::sources {

struct KeySchedule::Loop {
    ScheduleTools tools;
    KeyPlan plan;
    std::mutex mutex;
    std::condition_variable_any woken;
    bool is_wanted = false;  // Guarded by mutex.
    std::jthread thread;     // The last to come and the first to go.

    explicit Loop(ScheduleTools given) : tools{std::move(given)}, plan{tools.random} {}

    [[nodiscard]] std::vector<PlannedKey> planned(std::span<const KeyToCheck> keys) const {
        std::vector<PlannedKey> result;
        for (const KeyToCheck& key : keys) {
            result.push_back({.record = tools.record_of(key), .expires = key.expires});
        }
        return result;
    }

    /// Looks, checks and tells; how long to rest then.
    Duration turn(const std::stop_token& stop) {
        const ScheduledKeys now = tools.keys();
        std::vector<PlannedKey> keys = planned(now.keys);
        KeyLook look = plan.look(keys, now.interval, moment_of(tools.timeline));
        tell(look.events);
        if (look.due.empty()) {
            return look.rest;
        }
        std::vector<KeyToCheck> due;
        std::vector<PlannedKey> checked;
        for (const std::size_t i : look.due) {
            due.push_back(now.keys[i]);
            checked.push_back(keys[i]);
        }
        tools.check(due, stop);
        plan.checked(checked, moment_of(tools.timeline));
        look = plan.look(planned(now.keys), now.interval, moment_of(tools.timeline));
        tell(look.events);
        return look.due.empty() ? look.rest : Duration{};  // Due meanwhile: another turn.
    }

    void tell(std::span<const KeyEvent> events) const {
        for (const KeyEvent& event : events) {
            tools.tell(event);
        }
    }

    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            const Duration rest = turn(stop);
            std::unique_lock lock{mutex};
            woken.wait_for(lock, stop, rest, [this] { return is_wanted; });
            is_wanted = false;
        }
    }
};

KeySchedule::KeySchedule(ScheduleTools tools) : loop_{std::make_unique<Loop>(std::move(tools))} {
    loop_->thread = std::jthread{[loop = loop_.get()](const std::stop_token& stop) { loop->run(stop); }};
}

KeySchedule::~KeySchedule() {
    if (!process_.is_here()) {
        // The thread stayed with the parent; what it held stays as it was.
        static_cast<void>(loop_.release());  // NOLINT(bugprone-unused-return-value)
    }
}

void KeySchedule::wake() {
    const std::lock_guard lock{loop_->mutex};
    loop_->is_wanted = true;
    loop_->woken.notify_one();
}

}  // namespace quantconf::sources
