#pragma once

#include <memory>
#include <string>
#include <vector>

#include "layers/variable_table.hpp"
#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// One value and where it belongs.
struct Placed {
    std::vector<Step> steps;
    value::Node node;
    std::string name;  ///< Of the variable, for messages.
};

/// Joins values into one tree. List items become a list: they must be numbered from 0 without a gap. One
/// place set twice, or a list set as a whole and item by item, is an error.
[[nodiscard]] value::Node build_tree(const std::vector<Placed>& values, Arena& arena,
                                     Diagnostics& diagnostics);

}  // namespace quantconf::layers
