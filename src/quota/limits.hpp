#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "quantconf/types.hpp"

namespace quantconf::quota {

/// Which requests count together.
enum class WindowKind : std::uint8_t {
    Rolling,  ///< Those of any period of this length: no such period ever holds more.
    Fixed,  ///< Those from one full period to the next, counted from the epoch in `zone`: whole days begin at
            ///< midnight.
    Calendar,  ///< Those of one day or one month in `zone`; which of them, `per` says (up to a day, or
               ///< longer).
};

/// At most `requests` in one `per`.
struct Window {
    std::int64_t requests = 0;
    Duration per{};
    WindowKind kind = WindowKind::Rolling;
    std::string zone = "UTC";
    /// Added to a rolling window, because the provider counts when requests arrive and we when they leave.
    Duration guard{};

    friend bool operator==(const Window&, const Window&) = default;
};

/// How admissions are spread inside the windows, which hold all the same.
struct Pacing {
    /// A bucket of `burst` requests, refilled at `requests` in `per` (GCRA). burst 1: evenly, like a leaky
    /// bucket. requests 0: no pacing.
    std::int64_t requests = 0;
    Duration per{};
    std::int64_t burst = 1;
    /// Slows down when the provider complains (x 0.7) and recovers linearly within ten minutes. Needs a rate.
    bool adaptive = false;

    friend bool operator==(const Pacing&, const Pacing&) = default;
};

/// Everything that limits one key, all at the same time.
struct Limits {
    std::vector<Window> windows = {};
    Pacing pacing = {};
    /// Of each window, what only Execution and Risk may use, in percent. Windows of less than 5 have none.
    int reserve_percent = 0;

    friend bool operator==(const Limits&, const Limits&) = default;
};

/// For what a request is; most urgent first.
enum class Class : std::uint8_t { Execution, Risk, Signal, Backfill, Probe };

}  // namespace quantconf::quota
