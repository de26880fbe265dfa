#pragma once

#include "quantconf/diagnostic.hpp"
#include "quantconf/schema.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// Reports keys of one map that differ in the case of their letters at most, although they stand in different
/// layers, or one of them in the defaults. Inside of one file the parser has said so already; where the
/// schema lists the keys, the wrong spelling is an unknown key.
void check_key_case(const value::Node& merged, const Schema& schema, Diagnostics& diagnostics);

}  // namespace quantconf::layers
