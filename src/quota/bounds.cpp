#include "quota/bounds.hpp"

#include <fmt/format.h>

#include "quota/period.hpp"

namespace quantconf::quota::limits {
namespace {

std::unexpected<Error> refuse(std::string hint) {
    return std::unexpected{Error{.operation = "keep",
                                 .subject = "the limits of a key",
                                 .cause = std::make_error_code(std::errc::invalid_argument),
                                 .hint = std::move(hint)}};
}

bool is_within(std::int64_t value, std::int64_t min, std::int64_t max) {
    return value >= min && value <= max;
}
bool is_length(Duration per) {
    return per >= kPerMin && per <= kPerMax;
}

}  // namespace

Outcome<void> check(const Limits& limits, std::int64_t cost) {
    if (!is_within(cost, 1, kCost)) {
        return refuse(fmt::format("a request costs {}; 1 to {} are possible", cost, kCost));
    }
    if (limits.windows.size() > kWindows) {
        return refuse(fmt::format("{} windows; {} are possible", limits.windows.size(), kWindows));
    }
    if (!is_within(limits.reserve_percent, 0, kReservePercent)) {
        return refuse(
            fmt::format("a reserve of {} %; 0 to {} are possible", limits.reserve_percent, kReservePercent));
    }
    for (const Window& window : limits.windows) {
        if (!is_within(window.requests, 1, kRequests)) {
            return refuse(
                fmt::format("a window of {} requests; 1 to {} are possible", window.requests, kRequests));
        }
        if (!is_length(window.per)) {
            return refuse("a window lasts from a millisecond to 92 days");
        }
        if (window.guard < Duration::zero() || window.guard > kGuardMax) {
            return refuse("a guard is at least 0 and at most an hour");
        }
        if (window.kind != WindowKind::Rolling && !is_zone_known(window.zone)) {
            return refuse(fmt::format("this machine knows no time zone \"{}\"", window.zone));
        }
    }
    const Pacing& pacing = limits.pacing;
    if (pacing.requests == 0 ? pacing.adaptive
                             : !is_within(pacing.requests, 1, kRequests) || !is_length(pacing.per) ||
                                   !is_within(pacing.burst, 1, kRequests)) {
        return refuse(fmt::format(
            "a pacing has 1 to {} requests and as much burst, in a millisecond to 92 days", kRequests));
    }
    return {};
}

}  // namespace quantconf::quota::limits
