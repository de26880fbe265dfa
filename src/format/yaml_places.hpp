#pragma once

#include <cstdint>
#include <string_view>

#include "format/tree_builder.hpp"

namespace quantconf::format {

/// Where a node with content begins: behind its anchor and tag, the first of which begins at `begin`.
[[nodiscard]] std::uint32_t content_begin(std::string_view text, std::uint32_t begin);

/// Behind the name of the anchor of a node that begins at `begin` and may have a tag before the anchor.
[[nodiscard]] std::uint32_t anchor_end(std::string_view text, std::uint32_t begin, std::string_view name);

/// Where a value stands of which nothing is written: right behind the colon of its key, or behind the key.
[[nodiscard]] Span behind_colon(std::string_view text, std::uint32_t key_end);

}  // namespace quantconf::format
