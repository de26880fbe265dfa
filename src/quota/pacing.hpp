#pragma once

#include <cstdint>

#include "quota/limits.hpp"
#include "quota/record.hpp"

/// Spreads admissions (GCRA): one moment says when the bucket will be full again. Under the record's lock.
namespace quantconf::quota {

/// The ledger time from which `cost` more are in time; up to `now`: at once. More than the bucket holds waits
/// for a full one and is paid off later. `ahead` others go first: it cannot be earlier then.
[[nodiscard]] std::int64_t pacing_room_at(const Live& live, const Pacing& pacing, std::int64_t now,
                                          std::int64_t cost, std::int64_t ahead = 0) noexcept;
void charge_pacing(Live& live, const Pacing& pacing, std::int64_t now, std::int64_t cost) noexcept;
void refund_pacing(Live& live, std::int64_t cost) noexcept;

/// Of an adaptive pacing, in millionths: from 100'000 to 1'000'000.
[[nodiscard]] std::int64_t speed_at(const Live& live, std::int64_t now) noexcept;
/// The provider has complained. The recovery begins at `recover_from`.
void slow_down(Live& live, std::int64_t now, std::int64_t recover_from) noexcept;

}  // namespace quantconf::quota
