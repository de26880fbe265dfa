#pragma once

#include "base/assert.hpp"
#include "quantconf/types.hpp"

namespace quantconf::quota {

/// The sum, or the longest duration there is. Neither is negative.
[[nodiscard]] constexpr Duration saturating_sum(Duration a, Duration b) {
    return a > Duration::max() - b ? Duration::max() : a + b;
}

/// A share of `whole`, which is not negative; `share` is in [0, 1]. Never above `whole`.
[[nodiscard]] inline Duration share_of(Duration whole, double share) {
    QC_ASSERT(share >= 0 && share <= 1);
    const double result = static_cast<double>(whole.count()) * share;
    // Compared as floating point first: a count near 2^63 is rounded up and would not fit any more.
    return result >= static_cast<double>(whole.count()) ? whole
                                                        : Duration{static_cast<Duration::rep>(result)};
}

}  // namespace quantconf::quota
