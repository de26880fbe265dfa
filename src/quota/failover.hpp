#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "quantconf/detail/mutex.hpp"
#include "quantconf/types.hpp"

namespace quantconf::quota {

/// How one source of a group looks just now.
struct Candidate {
    std::string source;
    bool is_usable = true;  ///< It has a key, is entitled, its breaker is closed, it is not paused.
    std::string why_not = {};
};

/// In which order to try the sources of one capability: as configured, but who has just failed is passed over
/// until it has rested, so that answers do not flutter between sources.
///
/// A source that failed stands behind all others until `rest` has passed; then it has its old place again, on
/// trial: should it fail before it had `successes` successes in a row, it rests twice as long as the last
/// time (up to kRestsMax times `rest`). After those successes it is in its place for good, and a failure
/// costs one `rest` again.
///
/// Time is passed in (any steady clock). Any thread.
class FailoverOrder {
public:
    static constexpr int kRestsMax = 16;

    struct Policy {
        Duration rest = std::chrono::seconds{30};
        int successes = 3;
    };
    FailoverOrder();
    explicit FailoverOrder(Policy policy);

    /// Indices into `candidates`, whom to ask first; unusable ones are left out, resting ones are the last.
    [[nodiscard]] std::vector<std::size_t> order(const std::vector<Candidate>& candidates,
                                                 Duration now) const;
    /// What there is to say about a failure.
    struct Setback {
        std::string reason = {};
        std::optional<Duration> rest = {};  ///< In place of the policy's.
    };
    void success(const std::string& source, Duration now);
    void failure(const std::string& source, Duration now) { failure(source, now, Setback{}); }
    void failure(const std::string& source, Duration now, Setback setback);
    /// Why it stands behind the others; nothing if it does not.
    [[nodiscard]] std::optional<std::string> why_resting(const std::string& source, Duration now) const;

private:
    /// Of a source that has failed and not yet proved itself.
    struct Trial {
        Duration failed{};
        Duration rest{};
        std::string reason = {};
        int rests = 1;      ///< How many times `rest` it stays away.
        int successes = 0;  ///< Since its rest.
    };
    [[nodiscard]] static bool is_resting(const Trial& trial, Duration now);

    Policy policy_;
    mutable Mutex mutex_;
    std::map<std::string, Trial> trials_ QC_GUARDED_BY(mutex_);
};

}  // namespace quantconf::quota
