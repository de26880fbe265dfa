#pragma once

#include "quantconf/types.hpp"

namespace quantconf::quota {

/// Keeps repetitions from becoming a storm: at most 10 % of the requests, and three a minute on top.
/// Any thread; time is passed in.
class RetryBudget {
public:
    void request(Duration now);
    /// Takes one, or says no.
    [[nodiscard]] bool take(Duration now);
};

}  // namespace quantconf::quota
