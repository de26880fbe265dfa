#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "quantconf/types.hpp"

namespace quantconf::quota {

/// The longest wait a provider can ask us for; more is taken as this much. Longer than any quota's period.
inline constexpr Duration kWaitMax = std::chrono::hours{24 * 366};

// How long to wait, in the words of providers. Spaces around are ignored. A moment in the past is no wait at
// all (0), a wait above kWaitMax is kWaitMax, and what cannot be read is nothing: the caller's own pause
// holds.
//
// `date_header` is the answer's Date, in the provider's own time: with it, a clock that is wrong (theirs or
// ours) makes no difference. Without one that can be read, `now` serves.

/// Retry-After: seconds ("120", also "1.5" and "-1"), or a date of HTTP.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view text, Time now,
                                                        std::string_view date_header = {});

/// The moment itself, in seconds since 1970: "1735689600", "1735689600.25".
[[nodiscard]] std::optional<Duration> parse_epoch_seconds(std::string_view text, Time now,
                                                          std::string_view date_header = {});

/// "59", "59.5", ".5", "5.". No exponents: nobody sends them, and "1e9" would be a trap.
[[nodiscard]] std::optional<Duration> parse_delta_seconds(std::string_view text);

/// As Go's time.Duration prints it: "6m0s", "20ms", "1h2m3.5s", "150µs", "0".
[[nodiscard]] std::optional<Duration> parse_go_duration(std::string_view text);

}  // namespace quantconf::quota
