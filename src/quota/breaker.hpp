#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "quantconf/detail/mutex.hpp"
#include "quantconf/types.hpp"
#include "quota/retry.hpp"

namespace quantconf::quota {

enum class BreakerState : std::uint8_t { Closed, Open, HalfOpen };

/// The threshold is at least 1, the durations are above 0.
struct BreakerPolicy {
    int threshold = 5;                             ///< Failures in a row until it opens.
    Duration open_for = std::chrono::seconds{60};  ///< The first time; doubled each time, up to `cap`.
    Duration cap = std::chrono::minutes{5};
};

/// Keeps from asking a source that is down. Counts failures of the transport, 5xx and blocks; never what says
/// something about the key or the quota. Half open, exactly one request is let through to find out.
///
/// The time that it stays open is jittered downwards by up to a fifth, so that many processes do not come
/// back at once. Every request that is let through gets a ticket, and only results of the present generation
/// count: what was let through before it opened says nothing about now, least of all in place of the probe.
///
/// Time is passed in (any steady clock). Any thread.
class Breaker {
public:
    /// Whoever asks while a probe is on its way shall come back after this. A probe whose result never
    /// arrives is given up after the time that the breaker was open.
    static constexpr Duration kProbeWait = std::chrono::seconds{1};

    /// Of a request that was let through. Another generation begins with each opening and each probe.
    struct Ticket {
        std::uint64_t generation = 0;
    };

    Breaker(BreakerPolicy policy, Random random);

    /// A ticket: go, and report what came of it. Otherwise how long to wait.
    [[nodiscard]] std::expected<Ticket, Duration> ask(Duration now);
    void success(Ticket of);
    void failure(Ticket of, Duration now);
    /// Nobody knows (cancelled, refused before it was sent): a half-open probe is given back.
    void no_result(Ticket of);
    [[nodiscard]] BreakerState state(Duration now) const;
    /// Holds from the next question on: also an opening that is under way is not longer than the new cap.
    void set_policy(const BreakerPolicy& policy);

private:
    void open(Duration now) QC_REQUIRES(mutex_);

    mutable Mutex mutex_;
    BreakerPolicy policy_ QC_GUARDED_BY(mutex_);
    Random random_ QC_GUARDED_BY(mutex_);
    std::uint64_t generation_ QC_GUARDED_BY(mutex_) = 0;
    int failures_ QC_GUARDED_BY(mutex_) = 0;  ///< In a row, while it is closed.
    int openings_ QC_GUARDED_BY(mutex_) = 0;  ///< In a row, without a success between them; 0: it is closed.
    Duration opened_ QC_GUARDED_BY(mutex_){};
    Duration open_for_ QC_GUARDED_BY(mutex_){};
    std::optional<Duration> probe_ QC_GUARDED_BY(mutex_) = {};  ///< Since when one is on its way.
    bool is_half_open_ QC_GUARDED_BY(mutex_) = false;
};

}  // namespace quantconf::quota
