#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "quota/timeline.hpp"
#include "sources/catalogue.hpp"
#include "sources/key_state.hpp"

/// Clocks and verdicts for tests of keys.
namespace quantconf::sources::test {

using namespace std::chrono_literals;

/// Stands still until a test moves it. One thread at a time.
class FakeTimeline final : public quota::Timeline {
public:
    [[nodiscard]] Duration since_boot() const override { return uptime; }
    [[nodiscard]] Time wall() const override { return now; }
    [[nodiscard]] const std::string& boot() const override { return boot_id; }

    void advance(Duration by) {
        uptime += by;
        now += std::chrono::floor<Time::duration>(by);
    }
    void reboot(const std::string& id, Time wall_then) {
        boot_id = id;
        uptime = 1min;
        now = wall_then;
    }

    Time now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
    Duration uptime{1h};
    std::string boot_id = "boot-a";
};

inline const Source& polygon() {
    return Catalogue::built_in().at(quantbot::Provider::Polygon);
}

inline Verdict verdict(KeyStatus status, std::string reason = {}) {
    return {.status = status, .reason = std::move(reason)};
}

inline constexpr KeyStatus kAllStatuses[] = {
    KeyStatus::Valid,          KeyStatus::Invalid,     KeyStatus::Expired,     KeyStatus::RateLimited,
    KeyStatus::QuotaExhausted, KeyStatus::NotEntitled, KeyStatus::Unreachable, KeyStatus::Unknown,
};

}  // namespace quantconf::sources::test
