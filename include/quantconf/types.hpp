#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace quantconf {

/// Written with a unit: "250ms", "1h30m". Nanoseconds in 64 bits: about 292 years either way.
using Duration = std::chrono::nanoseconds;

/// Written with a unit: "512MiB", "10GB". kB, MB, GB, TB are powers of ten; KiB, MiB, GiB, TiB of two.
struct ByteSize {
    std::uint64_t bytes = 0;
    friend auto operator<=>(const ByteSize&, const ByteSize&) = default;
};

}  // namespace quantconf
