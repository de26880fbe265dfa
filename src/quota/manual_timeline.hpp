#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "quota/timeline.hpp"

namespace quantconf::quota {

/// Stands still until a test moves it; whoever sleeps in it is woken then. Any thread.
class ManualTimeline final : public Timeline {
public:
    explicit ManualTimeline(Time wall = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 4}},
                            std::string boot = "first boot")
        : wall_{wall}, boot_{std::move(boot)} {}

    Duration since_boot() const override {
        const std::lock_guard hold{mutex_};
        return since_boot_;
    }
    Time wall() const override {
        const std::lock_guard hold{mutex_};
        return wall_;
    }
    const std::string& boot() const override { return boot_; }

    void advance(Duration by) {
        {
            const std::lock_guard hold{mutex_};
            since_boot_ += by;
            wall_ += std::chrono::duration_cast<std::chrono::microseconds>(by);
        }
        wake_sleepers();
    }
    /// Somebody sets the clock.
    void set_wall(Time wall) {
        const std::lock_guard hold{mutex_};
        wall_ = wall;
    }
    /// The machine was off, and starts again.
    void reboot(std::string boot, Duration uptime, Time wall) {
        const std::lock_guard hold{mutex_};
        boot_ = std::move(boot);
        since_boot_ = uptime;
        wall_ = wall;
    }

    void sleep(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
               Duration until) const override {
        {
            const std::lock_guard hold{mutex_};
            if (until <= since_boot_) {
                return;
            }
            sleepers_.push_back({lock.mutex(), &wake});
        }
        slept_.notify_all();
        wake.wait(lock);
        const std::lock_guard hold{mutex_};
        std::erase_if(sleepers_, [&](const Sleeper& sleeper) { return sleeper.wake == &wake; });
    }
    /// Returns once exactly so many threads sleep.
    void await_sleepers(std::size_t count) const {
        std::unique_lock hold{mutex_};
        slept_.wait(hold, [&] { return sleepers_.size() == count; });
    }

private:
    struct Sleeper {
        std::mutex* mutex;
        std::condition_variable* wake;
    };

    void wake_sleepers() {
        std::vector<Sleeper> sleepers;
        {
            const std::lock_guard hold{mutex_};
            sleepers = sleepers_;
        }
        for (const Sleeper& sleeper : sleepers) {
            const std::lock_guard asleep{*sleeper.mutex};  // Who decided to sleep, sleeps by now.
            const std::lock_guard hold{mutex_};
            if (const auto found = std::ranges::find(sleepers_, sleeper.wake, &Sleeper::wake);
                found != sleepers_.end()) {
                sleepers_.erase(found);  // From now on it counts as awake.
                sleeper.wake->notify_all();
            }
        }
    }

    mutable std::mutex mutex_;
    mutable std::condition_variable slept_;
    mutable std::vector<Sleeper> sleepers_;
    Duration since_boot_ = std::chrono::hours{1};
    Time wall_;
    std::string boot_;
};

}  // namespace quantconf::quota
