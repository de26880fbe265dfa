#pragma once

#include <string_view>

#include "base/descriptor.hpp"
#include "quantconf/error.hpp"

namespace quantconf::app {

/// A file in memory that holds `bytes` and that nobody can change any more, readable by its owner alone. It
/// is passed on to the program that takes our place, which finds it as /proc/self/fd/N.
[[nodiscard]] Outcome<Descriptor> sealed_file(std::string_view bytes);

}  // namespace quantconf::app
