#pragma once

#include <string>

#include "quota/limits.hpp"

namespace quantconf::sources {

/// "60 per minute", "50 per 12h": for people.
[[nodiscard]] std::string window_text(const quota::Window& window);

}  // namespace quantconf::sources
