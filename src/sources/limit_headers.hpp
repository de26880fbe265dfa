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
/// Nobody sells more requests in one window.
inline constexpr std::int64_t kLimitMax = 1'000'000'000'000;

/// What an answer's headers say about the window they describe. What cannot be read is not there.
struct LimitState {
    std::optional<std::int64_t> limit{};
    std::optional<std::int64_t> remaining{};
    std::optional<Duration> reset{};  ///< From now on; nothing if it has passed.
};

[[nodiscard]] LimitState read_limit_headers(const LimitHeaders& names, const net::Response& answer, Time now);

/// Retry-After, if it is there and can be read.
[[nodiscard]] std::optional<Duration> read_retry_after(const net::Response& answer, Time now);

}  // namespace quantconf::sources
