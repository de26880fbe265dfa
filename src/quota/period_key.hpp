#pragma once

#include <cstdint>

#include "quota/limits.hpp"

namespace quantconf::quota {

/// The same for two windows that count the same periods: kind, length and zone. Never 0.
[[nodiscard]] std::int64_t period_key_of(const Window& window) noexcept;

}  // namespace quantconf::quota
