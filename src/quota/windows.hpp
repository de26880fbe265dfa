#pragma once

#include <cstdint>
#include <limits>

#include "quota/limits.hpp"
#include "quota/record.hpp"
#include "quota/wall.hpp"

/// How much of each window is taken. Under the record's lock, after advance().
namespace quantconf::quota {

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

struct Moment {
    std::int64_t now = 0;  ///< Ledger time.
    Wall wall = {};        ///< Only where a window needs it.
    /// Nobody has asked the wall: this is what it should say. Periods neither begin nor end by it.
    bool is_wall_expected = false;
};

/// The ledger time from which this window may have room for `cost` more of `requests`; up to `now`: at once.
[[nodiscard]] std::int64_t window_room_at(Record& record, const Window& window, std::int64_t requests,
                                          std::int64_t cost, const Moment& moment);

/// Requests that count in it.
[[nodiscard]] std::int64_t window_used(Record& record, const Window& window, const Moment& moment);

/// As if these had not been made, for the periods that are under way.
void forget_in_periods(Live& live, std::int64_t first, std::int64_t cost) noexcept;

}  // namespace quantconf::quota
