#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "quantconf/quantbot/rate_limit.hpp"
#include "quantconf/sources/verdict.hpp"
#include "quantconf/types.hpp"

namespace quantconf::sources {

/// What is known of one key: the last definite verdict, and the last attempt, which may have said nothing.
///
/// Unreachable, unknown, rate_limited and quota_exhausted never replace a definite verdict; a good key counts
/// as bad only once a second answer, at least 30 s later, has said so too.
struct KeyReport {
    using Moment = std::chrono::sys_time<std::chrono::microseconds>;

    quantbot::Provider source = quantbot::Provider::Polygon;
    /// Valid, Invalid, Expired or NotEntitled once anything was definite; else that of the last attempt.
    KeyStatus status = KeyStatus::Unknown;
    std::string detail{};
    std::string reason{};                        ///< For people; no secrets.
    std::optional<Moment> since{};               ///< When this became the verdict.
    std::optional<Moment> checked_at{};          ///< When it was last confirmed.
    KeyStatus last_status = KeyStatus::Unknown;  ///< Of the last attempt.
    std::string last_detail{};
    std::string last_reason{};
    std::string hint{};  ///< What to do, if the attempt that was just made says it.
    std::optional<Moment> last_attempt{};
    bool is_confirming = false;                ///< A bad answer waits for a second one.
    std::optional<std::int64_t> remaining{};   ///< What the provider said is left...
    std::optional<Moment> reset{};             ///< ... until then.
    std::optional<std::int64_t> daily_used{};  ///< Of our own count, if a day is limited.
    std::optional<std::int64_t> daily_limit{};
    std::optional<Moment> expires{};  ///< As the store knows it (`secret set --expires`).
    std::string fingerprint{};        ///< Tells keys of one source apart, on this machine alone.
};

}  // namespace quantconf::sources
