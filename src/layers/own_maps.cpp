#include "layers/own_maps.hpp"

#include <algorithm>
#include <span>

namespace quantconf::layers {

value::Entry* OwnMaps::writable(const value::Node& map, std::size_t extra) {
    const std::size_t wanted = map.size + extra;
    const auto known = capacities_.find(map.entries);
    if (known != capacities_.end() && known->second >= wanted) {
        return const_cast<value::Entry*>(
            known->first);  // NOLINT(cppcoreguidelines-pro-type-const-cast): ours.
    }
    // A map that has grown before will grow again: a --set of many new keys must not copy for each of them.
    const std::size_t capacity = known == capacities_.end() ? wanted : wanted + wanted / 2;
    const std::span<value::Entry> entries = arena_.make<value::Entry>(capacity);
    std::ranges::copy(map.map(), entries.begin());
    capacities_.emplace(entries.data(), capacity);
    return entries.data();
}

}  // namespace quantconf::layers
