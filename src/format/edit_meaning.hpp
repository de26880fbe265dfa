#pragma once

#include "quantconf/value.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// Whether what is written already means this value to a field that takes such values, however it is spelled:
/// `1_000` is the integer 1000, `$${a}` the text "${a}". Maps in any order of their keys.
///
/// Never true where typing could read something else; where it is false although the value is the same, an
/// edit only changes the spelling.
[[nodiscard]] bool says(const value::Node& node, const Value& value);

/// Whether two nodes say the same in the same style, keys in the same order.
[[nodiscard]] bool is_same(const value::Node& a, const value::Node& b);

}  // namespace quantconf::format
