#pragma once

#include "format/edit_wishes.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// Whether `now` is the tree `old` with exactly the wished changes: every other key with the same value in
/// the same style, in the same order. The proof that no edit does more or less than it was asked for; knows
/// nothing about texts.
[[nodiscard]] bool is_as_wished(const value::Node& old, const value::Node& now, const Wish& wishes);

}  // namespace quantconf::format
