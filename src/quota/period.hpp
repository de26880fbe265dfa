#pragma once

#include <cstdint>
#include <string>

#include "quota/limits.hpp"

namespace quantconf::quota {

/// From one moment of the wall to another, in nanoseconds of UTC.
struct Span {
    std::int64_t start = 0;
    std::int64_t end = 0;
};

/// The period of a fixed or calendar window that holds this moment. The zone is known.
[[nodiscard]] Span period_at(const Window& window, std::int64_t wall);

/// No period of this window is longer.
[[nodiscard]] std::int64_t longest_period(const Window& window);

/// Whether the machine's time zone database has it, in exactly this spelling.
[[nodiscard]] bool is_zone_known(const std::string& zone);

}  // namespace quantconf::quota
