#pragma once

#include <cstdint>
#include <optional>

#include "quota/record.hpp"

namespace quantconf::quota {

/// Two opinions of what the wall says: what it says now, and what it should say by the time that has passed
/// since it was last believed. They differ after somebody has set the clock.
///
/// Periods begin when both say so, and count from the earlier of both beginnings: whichever is right, no
/// period holds too many. A new wall is believed once it has run evenly for 25 hours.
struct Wall {
    std::int64_t earlier = 0;
    std::int64_t later = 0;
};

/// What the wall should say, while asking it would change nothing of what is believed: it was believed less
/// than ten seconds ago, and nothing has contradicted it since.
[[nodiscard]] std::optional<std::int64_t> expected_wall(const Live& live, std::int64_t now) noexcept;

[[nodiscard]] Wall look_at_wall(Live& live, std::int64_t now, std::int64_t wall) noexcept;

}  // namespace quantconf::quota
