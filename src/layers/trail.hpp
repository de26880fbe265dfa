#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quantconf::layers {

/// Where a walk through a tree stands: one link on the stack for each level, the root is nullptr. Becomes
/// text only when there is something to report.
struct Trail {
    const Trail* parent = nullptr;
    std::string_view key;   ///< Of a map entry.
    std::size_t index = 0;  ///< Of a list item; counts if there is no key.
};

/// "trading.max_position_size", "hosts[2].port".
[[nodiscard]] std::string to_path(const Trail* trail);

}  // namespace quantconf::layers
