#pragma once

#include <string_view>

#include "layers/own_maps.hpp"
#include "quantconf/arena.hpp"
#include "value/node.hpp"

/// Changes to one layer's tree before it is merged. The maps on the way are copied unless they are our own,
/// everything else is shared. The old tree is used no longer.
namespace quantconf::layers {

/// The entry at a dotted path through maps, or nullptr.
[[nodiscard]] const value::Entry* entry_at(const value::Node& root, std::string_view path);

/// The deepest node on the way to `path` that exists but is no map, so that nothing can be put below it; or
/// nullptr.
[[nodiscard]] const value::Node* obstacle_to(const value::Node& root, std::string_view path);

/// Without the entry at `path`, nor the maps that are empty without it.
[[nodiscard]] value::Node without_entry(const value::Node& root, std::string_view path, OwnMaps& own);

/// With the value and the place of `entry` at `path`. There must be no entry and no obstacle there.
[[nodiscard]] value::Node with_entry(const value::Node& root, std::string_view path,
                                     const value::Entry& entry, OwnMaps& own);

/// A map that holds nothing but the value and the place of `entry` at `path`.
[[nodiscard]] value::Node only_entry(std::string_view path, const value::Entry& entry, Arena& arena);

}  // namespace quantconf::layers
