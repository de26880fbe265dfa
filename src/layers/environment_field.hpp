#pragma once

#include <string>
#include <string_view>

#include "layers/load.hpp"
#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "value/node.hpp"

/// The root field `environment`, for schemas that have one: a configuration may repeat which environment it
/// is for, but never chooses it.
namespace quantconf::layers {

/// Reports a text that names another environment than the chosen one. Other texts are left to typing.
void check_environment(std::string_view text, const Inputs& inputs, Origin origin, Diagnostics& diagnostics);

/// The same for the root key `environment` of a file.
void check_environment(const value::Node& layer, const Inputs& inputs, Diagnostics& diagnostics);

/// A layer that sets the field to the chosen environment. An empty map if the schema has no such field.
/// `source` receives what the value points to.
[[nodiscard]] value::Node environment_layer(const Inputs& inputs, Arena& arena,
                                            std::shared_ptr<Source>& source);

}  // namespace quantconf::layers
