#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "layers/load.hpp"
#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// One `--set PATH=VALUE` as a layer of its own, so that a later one lies on top of an earlier one. Values
/// are written as in variables; old spellings of a path are understood and noted. Lists are set as a whole.
/// An empty map, with a diagnostic, if it says nothing that the schema knows.
[[nodiscard]] value::Node read_setting(std::string_view setting, const Inputs& inputs, bool strict_empty,
                                       Arena& arena, Diagnostics& diagnostics,
                                       std::vector<std::shared_ptr<Source>>& sources);

}  // namespace quantconf::layers
