#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "net/http.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// A reset or a pause of more is no answer but a mistake, or worse.
inline constexpr Duration kResetMax = std::chrono::hours{24 * 32};
/// What a Retry-After of more stands for: it cannot be meant, but "come back at once" is not meant either.
inline constexpr Duration kRestAfterNonsense = std::chrono::hours{1};
/// What a Retry-After may ask for at most where no window of the provider is longer. A day: maintenance ends
/// within one, only a month's window is longer, and who asks once a day harms nobody, whereas a source that
/// rests for weeks because of one wrong header is lost for weeks.
inline constexpr Duration kRetryAfterMax = std::chrono::hours{24};
/// Nobody sells more requests in one window.
inline constexpr std::int64_t kLimitMax = 1'000'000'000'000;

/// How long to wait, and what was asked for where that is more than is believed.
struct BelievedWait {
    Duration wait{};
    std::optional<Duration> asked{};

    friend bool operator==(const BelievedWait&, const BelievedWait&) = default;
};

/// `asked`, or `most` of it.
[[nodiscard]] BelievedWait at_most(Duration most, Duration asked);

/// The longest that the end of a window of this length may be away: a tenth more, at least five seconds, for
/// clocks that differ and providers that count with a guard.
[[nodiscard]] Duration with_slack(Duration window);

/// What an answer's headers say about the window they describe. What cannot be read is not there. Where a
/// header comes twice or as a list, whatever is strictest counts: the least limit and rest, the latest reset.
struct LimitState {
    std::optional<std::int64_t> limit{};
    std::optional<std::int64_t> remaining{};
    /// From now on; nothing if it has passed. At most the window's own length with its slack: a window of a
    /// minute ends within one, whatever a wrong clock makes of it.
    std::optional<BelievedWait> reset{};
};

[[nodiscard]] LimitState read_limit_headers(const LimitHeaders& names, const net::Response& answer, Time now);

/// Retry-After, if it is there and can be read: the longest, if there are several or a list of seconds. At
/// most `most` of it.
[[nodiscard]] std::optional<BelievedWait> read_retry_after(const net::Response& answer, Time now,
                                                           Duration most = kRetryAfterMax);

}  // namespace quantconf::sources
