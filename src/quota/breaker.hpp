#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "quantconf/types.hpp"
#include "quota/retry.hpp"

namespace quantconf::quota {

enum class BreakerState : std::uint8_t { Closed, Open, HalfOpen };

struct BreakerPolicy {
    int threshold = 5;                             ///< Failures in a row until it opens.
    Duration open_for = std::chrono::seconds{60};  ///< The first time; doubled each time, up to `cap`.
    Duration cap = std::chrono::minutes{5};
};

/// Keeps from asking a source that is down. Counts failures of the transport, 5xx and blocks; never what says
/// something about the key or the quota. Half open, exactly one request is let through to find out.
///
/// Time is passed in (any steady clock). Any thread.
class Breaker {
public:
    Breaker(BreakerPolicy policy, Random random);

    /// Nothing: go. Otherwise how long to wait.
    [[nodiscard]] std::optional<Duration> ask(Duration now);
    void success();
    void failure(Duration now);
    /// Nobody knows (cancelled, refused before it was sent): a half-open probe is given back.
    void no_result();
    [[nodiscard]] BreakerState state(Duration now) const;
    void set_policy(const BreakerPolicy& policy);
};

}  // namespace quantconf::quota
