#pragma once

#include <functional>
#include <string_view>

#include "layers/own_maps.hpp"
#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/field.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// Puts `upper` on top of `lower` and keeps what it hides reachable through Node::below.
///
/// Rules M1-M10: maps merge deep, scalars and lists replace, a different shape is an error, operators do what
/// they say, lists follow the strategy of their `field` (nullptr: no schema, always replace). Untouched
/// subtrees are shared, not copied: both inputs must outlive the result, and maps of `lower` that are `own`
/// become part of it. Associative and idempotent without operators; an empty map is the identity. An operator
/// in the lowest layer that sets a path has nothing beneath it: !append, !prepend and !replace then simply
/// set, !delete and !remove report.
[[nodiscard]] value::Node merge(const value::Node& lower, const value::Node& upper, const Field* field,
                                OwnMaps& own, Diagnostics& diagnostics);

}  // namespace quantconf::layers
