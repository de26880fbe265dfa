#pragma once

#include "format/report.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// A layer is a mapping. Reports any other root; true if it is one.
[[nodiscard]] bool check_root(const value::Node& root, Report& report);

}  // namespace quantconf::format
