#include "quota/timeline.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>

namespace quantconf::quota {
namespace {

/// A machine that sleeps does not advance the clock of condition variables: look again now and then.
constexpr Duration kNapMax = std::chrono::seconds{10};

Duration read(clockid_t clock) noexcept {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

class SystemTimeline final : public Timeline {
public:
    SystemTimeline() {
        std::ifstream file{"/proc/sys/kernel/random/boot_id"};
        std::getline(file, boot_);
    }

    Duration since_boot() const override { return read(CLOCK_BOOTTIME); }
    Time wall() const override {
        return Time{std::chrono::duration_cast<std::chrono::microseconds>(read(CLOCK_REALTIME))};
    }
    const std::string& boot() const override { return boot_; }

private:
    std::string boot_;
};

}  // namespace

void Timeline::sleep(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                     Duration until) const {
    const Duration left = until - since_boot();
    if (left > Duration::zero()) {
        wake.wait_for(lock, std::min(left, kNapMax));
    }
}

const Timeline& system_timeline() {
    static const SystemTimeline timeline;
    return timeline;
}

}  // namespace quantconf::quota
