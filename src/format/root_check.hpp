#pragma once

#include "format/report.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// Says that a root other than a mapping is not a layer.
void report_root(const value::Node& root, Report& report);

}  // namespace quantconf::format
