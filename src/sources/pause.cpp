#include "sources/pause.hpp"

#include <algorithm>

namespace quantconf::sources {

namespace {

using namespace std::chrono_literals;

/// Without any word of the provider, how long nobody asks it after it said that it is too much.
constexpr Duration kPauseMin = 1s;
constexpr Duration kQuotaPauseMin = 60s;
/// The end of an outage is a guess: it is believed up to here.
constexpr Duration kOutagePauseMax = 1h;

}  // namespace

std::optional<Pause> pause_after(const Verdict& verdict) {
    switch (verdict.status) {
        case KeyStatus::RateLimited:
            return Pause{std::max(verdict.wait.value_or(kPauseMin), kPauseMin), verdict.reason};
        case KeyStatus::QuotaExhausted:
            return Pause{std::max(verdict.wait.value_or(kQuotaPauseMin), kQuotaPauseMin), verdict.reason};
        case KeyStatus::Unreachable:  // 503 with Retry-After: for so long it is not there, for nobody.
            return verdict.wait
                       ? std::optional{Pause{std::min(*verdict.wait, kOutagePauseMax), verdict.reason}}
                       : std::nullopt;
        case KeyStatus::Valid:
            return verdict.wait ? std::optional{Pause{*verdict.wait, "its headers say that nothing is left"}}
                                : std::nullopt;
        default:
            return std::nullopt;
    }
}

}  // namespace quantconf::sources
