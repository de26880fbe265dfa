#pragma once

#include <condition_variable>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "quantconf/types.hpp"

namespace quantconf::quota {

/// The clocks that quotas need, passed in so that a test decides. Any thread.
class Timeline {
public:
    Timeline() = default;
    Timeline(const Timeline&) = delete;
    Timeline& operator=(const Timeline&) = delete;
    virtual ~Timeline() = default;

    /// Since this boot, sleep included; never jumps. The same in all processes.
    [[nodiscard]] virtual Duration since_boot() const = 0;
    /// What the wall says. May jump, in both directions.
    [[nodiscard]] virtual Time wall() const = 0;
    /// Another one after each boot.
    [[nodiscard]] virtual const std::string& boot() const = 0;
    /// Sleeps until `since_boot()` has reached `until` or `wake` is notified; may return earlier.
    virtual void sleep(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                       Duration until) const;
};

/// CLOCK_BOOTTIME, the system's clock and the kernel's boot_id. Lives as long as the program.
[[nodiscard]] const Timeline& system_timeline();

}  // namespace quantconf::quota
