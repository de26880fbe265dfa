#pragma once

#include <cstdint>

#include "quota/record.hpp"

/// When requests were admitted: times and counts in one record. Under its lock.
namespace quantconf::quota {

/// Brings the coarse levels up to `now`. Before every look and every admission.
void advance(Record& record, std::int64_t now) noexcept;

/// Requests admitted before `when`, or up to one coarse bucket fewer.
[[nodiscard]] std::int64_t count_before(const Record& record, std::int64_t when) noexcept;

/// When the rolling window has room for `cost` more of at most `requests` in `per`: a ledger time, at or
/// before `now` if at once. `requests` >= `cost`.
[[nodiscard]] std::int64_t room_at(const Record& record, std::int64_t now, std::int64_t requests,
                                   std::int64_t per, std::int64_t cost) noexcept;

/// Writes the times of the next `cost` requests, without counting them yet.
void write_times(Record& record, std::int64_t now, std::int64_t cost) noexcept;

/// As if requests `first` to `first + cost` had not been made. Their numbers stay taken. False: too long ago.
bool forget(Record& record, std::int64_t first, std::int64_t cost) noexcept;

/// Makes requests `from` to `to` count as admitted at `now`, and `to` the total.
void assume(Record& record, std::int64_t from, std::int64_t to, std::int64_t now) noexcept;

}  // namespace quantconf::quota
