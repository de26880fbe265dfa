#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "quantconf/error.hpp"
#include "quota/limits.hpp"

/// What a ledger can be asked to keep. Each is tested on both sides and named in its message.
namespace quantconf::quota::limits {

inline constexpr std::int64_t kCost = 1000;         ///< Of one request.
inline constexpr std::size_t kWindows = 16;         ///< Of one key.
inline constexpr std::int64_t kRequests = 1 << 30;  ///< Of one window, of a pacing, of its burst.
inline constexpr Duration kPerMin = std::chrono::milliseconds{1};
inline constexpr Duration kPerMax = std::chrono::days{92};  ///< A quarter. Coarse history reaches 104 days.
inline constexpr Duration kGuardMax = std::chrono::hours{1};
inline constexpr int kReservePercent = 50;        ///< More would be no reserve, but a rule.
inline constexpr std::int64_t kReserveFrom = 5;   ///< Smaller windows have no reserve.
inline constexpr std::size_t kReasonBytes = 128;  ///< Of a pause; longer ones are cut.
/// Rolling windows up to this size are exact; larger ones open up to 1.6 % of their length late.
inline constexpr std::int64_t kExactRequests = 4096;
/// Windows of this length and longer survive a power cut.
inline constexpr Duration kDurableFrom = std::chrono::hours{1};

/// Nothing if a ledger can keep these limits for a request of this cost.
[[nodiscard]] Outcome<void> check(const Limits& limits, std::int64_t cost);

}  // namespace quantconf::quota::limits
