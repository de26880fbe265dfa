#pragma once

#include <string_view>

#include "layers/merge.hpp"
#include "layers/own_maps.hpp"
#include "layers/trail.hpp"
#include "quantconf/field.hpp"
#include "value/node.hpp"

/// The parts of merge(): maps and operators in merge.cpp, lists in list_merge.cpp.
namespace quantconf::layers {

/// What all parts of one merge share.
struct Merger {
    OwnMaps& own;
    Arena& arena;  ///< That of `own`.
    Diagnostics& diagnostics;
    /// Whether any list of the schema is merged by key. If not, new subtrees need no look-up of their fields.
    bool has_keyed_lists = false;
};

/// One node on top of another.
[[nodiscard]] value::Node merge_nodes(Merger& merger, const value::Node& lower, const value::Node& upper,
                                      const Field* field, const Trail* trail);

/// Two lists, neither of them a tombstone.
[[nodiscard]] value::Node merge_lists(Merger& merger, const value::Node& lower, const value::Node& upper,
                                      const Field* field, const Trail* trail);

/// `upper` wins and keeps `lower` below itself.
[[nodiscard]] value::Node hide(Merger& merger, const value::Node& lower, const value::Node& upper);

/// Reports the operators of a subtree that has nothing beneath it to delete or to remove from, and items of
/// keyed lists that have no key or one that stands twice.
void check_new(Merger& merger, const value::Node& node, const Field* field, const Trail* trail);

/// The same for the items of one keyed list.
void check_list_keys(Merger& merger, const value::Node& list, const Field& field, const Trail* trail);

/// The field of one entry of a map, or nullptr.
[[nodiscard]] const Field* field_of_entry(const Field* field, std::string_view key);
/// The field of the items of a list, or nullptr.
[[nodiscard]] const Field* field_of_items(const Field* field);

}  // namespace quantconf::layers
