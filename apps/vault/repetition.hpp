#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "crypto/random.hpp"
#include "quantconf/live.hpp"

namespace quantconf::app {

/// Whether a change failed only because somebody else changed a file between reading and writing.
[[nodiscard]] bool is_conflict(const Failure& failure);

/// How often a change is made anew that others were faster than, and after which pauses. Those are random, so
/// that tools which began together do not meet again, and longer each time.
class Repetition {
public:
    static constexpr int kTimes = 12;  ///< Enough for thirty-two tools that begin at once.
    static constexpr std::chrono::milliseconds kFirstPause{10};  ///< At most, before the first repetition ...
    static constexpr std::chrono::milliseconds kLongestPause{500};  ///< ... and before the last ones.

    using Pause = std::function<void(std::chrono::milliseconds)>;

    /// `random` outlives it.
    Repetition(crypto::Random& random, Pause pause) : random_{random}, pause_{std::move(pause)} {}

    /// Waits, and says whether to try again.
    [[nodiscard]] bool again();

private:
    crypto::Random& random_;
    Pause pause_;
    int times_ = 0;
};

}  // namespace quantconf::app
