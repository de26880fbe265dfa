#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "quantconf/types.hpp"

namespace quantconf::quota {

/// How one source of a group looks just now.
struct Candidate {
    std::string source;
    bool is_usable = true;  ///< It has a key, is entitled, its breaker is closed, it is not paused.
    std::string why_not = {};
};

/// In which order to try the sources of one capability: as configured, but who has just failed is passed over
/// until it has proved itself again, so that answers do not flutter between sources.
///
/// After the first choice failed, it is tried again first when `rest` has passed; it is the first again for
/// good after `successes` successes in a row.
class FailoverOrder {
public:
    struct Policy {
        Duration rest = std::chrono::seconds{30};
        int successes = 3;
    };
    FailoverOrder();
    explicit FailoverOrder(Policy policy);

    /// Indices into `candidates`, whom to ask first; unusable ones are left out.
    [[nodiscard]] std::vector<std::size_t> order(const std::vector<Candidate>& candidates,
                                                 Duration now) const;
    void success(const std::string& source, Duration now);
    void failure(const std::string& source, Duration now);
};

}  // namespace quantconf::quota
