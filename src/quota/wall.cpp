#include "quota/wall.hpp"

#include <algorithm>
#include <cstdlib>

namespace quantconf::quota {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kSlack = kSecond / 50;  ///< Of two clocks that are not read at the same moment.
constexpr std::int64_t kSlewing = 1000;        ///< NTP changes the clock's speed by up to one in 2000.
constexpr std::int64_t kAnchorAge =
    10 * kSecond;  ///< Not more often, or small jumps would add up to large ones.
constexpr std::int64_t kProof = 25 * 3600 * kSecond;  ///< The longest day.

bool agree(std::int64_t wall, std::int64_t expected, std::int64_t elapsed) noexcept {
    return std::abs(wall - expected) <= kSlack + elapsed / kSlewing;
}

void believe(Live& live, std::int64_t now, std::int64_t wall) noexcept {
    live.anchor_at.set(now);
    live.anchor_wall.set(wall);
    live.candidate_at.set(0);
}

/// The wall contradicts what we expect. True once it has proved itself.
bool has_proved_itself(Live& live, std::int64_t now, std::int64_t wall) noexcept {
    const std::int64_t since = now - live.candidate_at.get();
    if (live.candidate_at.get() == 0 || !agree(wall, live.candidate_wall.get() + since, since)) {
        live.candidate_at.set(0);
        live.candidate_wall.set(wall);
        live.candidate_at.set(now);
        return false;
    }
    return since >= kProof;
}

}  // namespace

std::optional<std::int64_t> expected_wall(const Live& live, std::int64_t now) noexcept {
    const std::int64_t elapsed = now - live.anchor_at.get();
    if (elapsed < 0 || elapsed >= kAnchorAge || live.candidate_at.get() != 0) {
        return std::nullopt;
    }
    return live.anchor_wall.get() + elapsed;
}

Wall look_at_wall(Live& live, std::int64_t now, std::int64_t wall) noexcept {
    const std::int64_t elapsed = now - live.anchor_at.get();
    const std::int64_t expected = live.anchor_wall.get() + elapsed;
    if (agree(wall, expected, elapsed)) {
        if (elapsed >= kAnchorAge) {
            believe(live, now, wall);
        }
    } else if (has_proved_itself(live, now, wall)) {
        // What was counted by the old wall says nothing about periods of the new one: count again from
        // history.
        for (Period& period : live.periods) {
            period.key.set(0);
        }
        believe(live, now, wall);
        return {.earlier = wall, .later = wall};
    }
    return {.earlier = std::min(wall, expected), .later = std::max(wall, expected)};
}

}  // namespace quantconf::quota
