#pragma once

#include "quota/timeline.hpp"
#include "quota/windows.hpp"

/// What time it is for a record. Under its lock.
namespace quantconf::quota {

/// Nanoseconds of UTC.
[[nodiscard]] std::int64_t wall_of(const Timeline& timeline);
/// Never goes back.
std::int64_t ledger_now(Live& live, const Timeline& timeline);
/// The same, without asking the wall where it was asked a moment ago: enough for a request that every window
/// lets through. Whoever is refused by this has to look_at_clocks().
[[nodiscard]] Moment glance_at_clocks(Record& record, const Timeline& timeline, const Limits& limits);
/// Both, as far as these limits need them; the history is brought up to it.
[[nodiscard]] Moment look_at_clocks(Record& record, const Timeline& timeline, const Limits& limits);

}  // namespace quantconf::quota
