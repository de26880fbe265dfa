#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "quantconf/sources/verdict.hpp"
#include "quantconf/types.hpp"

namespace quantconf::quota {

/// How the pause grows from one repetition to the next.
enum class Growth : std::uint8_t {
    Exponential,  ///< A random pause up to base, base x factor, base x factor^2... ("full jitter").
    Linear,       ///< base x factor x 1, 2, 3..., and up to a quarter more.
    Fibonacci,    ///< base x 1, 1, 2, 3, 5..., and up to a quarter more.
    Constant,     ///< base, and up to a quarter more.
};

/// Neither base nor cap is negative; factor is a finite number above 0.
struct RetryPolicy {
    int max_retries = 3;  ///< After the first attempt.
    Growth growth = Growth::Exponential;
    Duration base = std::chrono::milliseconds{500};
    double factor = 2.0;
    Duration cap = std::chrono::seconds{30};
};

/// A source of random numbers in [0, 1), injected.
using Random = std::function<double()>;

/// How long to wait before repetition number `retry` (1 is the first). Never above the cap, unless the
/// provider asked for more: `at_least` is a lower bound, jittered upwards only, by up to a quarter of it and
/// by no more than the cap, so that all who were told the same do not come back together.
[[nodiscard]] Duration pause_before(const RetryPolicy& policy, int retry, std::optional<Duration> at_least,
                                    const Random& random);

/// Whether another attempt can help, by what the last one showed. Only reading requests are repeated.
struct Attempt {
    sources::Verdict verdict;
    bool is_idempotent = true;
    int retries_so_far = 0;
    Duration time_left{};  ///< Until the caller's deadline.
};

/// Empty if it may be repeated; else why not, for the answer: "a quota that is used up is not there again".
///
/// Repeated is what found nobody (Unreachable), and what came too early (RateLimited) if the provider's wait
/// ends before the deadline. Never what says something about the key, the plan, the quota or the question,
/// and never what a network blocks: asking again makes a block longer.
[[nodiscard]] std::string why_not_again(const Attempt& attempt, const RetryPolicy& policy);

}  // namespace quantconf::quota
