#pragma once

#include <cstddef>
#include <unordered_map>

#include "quantconf/arena.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// The maps that one load has made for itself.
///
/// Those of a document are shared and never change. Ours are seen by nobody before the load is done, so they
/// are changed in place: a --set of one value does not copy a map of 100,000 keys. Not thread-safe: one load,
/// one object.
class OwnMaps {
public:
    /// The arena must outlive the maps.
    explicit OwnMaps(Arena& arena) : arena_{arena} {}

    [[nodiscard]] Arena& arena() noexcept { return arena_; }

    /// The entries of `map`, in memory of ours with room for `extra` more. A map that is not ours, or too
    /// full, is copied; whoever calls puts the result in its place and uses the old one no longer.
    [[nodiscard]] value::Entry* writable(const value::Node& map, std::size_t extra);

private:
    Arena& arena_;
    std::unordered_map<const value::Entry*, std::size_t> capacities_;
};

}  // namespace quantconf::layers
