#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "format/edit_wishes.hpp"
#include "format/tree_builder.hpp"
#include "value/node.hpp"

namespace quantconf::format {

struct Slot;

/// A value as it stands in the text. The tree of nodes says what a file means; this says how it is laid out.
struct Piece {
    enum class Kind : std::uint8_t { Nothing, Scalar, Alias, List, Map };

    Kind kind = Kind::Nothing;
    value::Style style = value::Style::Plain;
    bool is_flow = false;  ///< A collection in brackets, or anything inside of one.
    bool has_tag = false;
    bool has_anchor = false;
    bool has_merge = false;     ///< A map with `<<`.
    bool ends_kept = false;     ///< Ends with a block scalar that keeps the blank lines behind it.
    std::uint32_t begin = 0;    ///< Anchor and tag included.
    std::uint32_t content = 0;  ///< Behind them.
    std::uint32_t end = 0;
    std::uint32_t step = 0;   ///< How far the last block map inside a block map is indented; 0 without one.
    std::vector<Slot> slots;  ///< The children in their order; only where somebody wishes something.

    [[nodiscard]] bool is_block() const noexcept {
        return !is_flow && (kind == Kind::List || kind == Kind::Map);
    }
    [[nodiscard]] bool is_block_scalar() const noexcept {
        return style == value::Style::Literal || style == value::Style::Folded;
    }
};

/// A child of a collection: with its key in a map, without in a list.
struct Slot {
    std::string key = {};
    bool is_merge = false;
    std::uint32_t begin = 0;    ///< The dash of an item, the `?` or the key of a pair.
    std::uint32_t key_end = 0;  ///< Of a pair.
    Piece piece;
};

/// An anchor that is used.
struct UsedAnchor {
    std::uint32_t begin = 0;
    std::uint32_t last_use = 0;
};

struct Layout {
    Piece root;
    std::vector<UsedAnchor> anchors = {};  ///< By their places.
    std::uint32_t end = 0;  ///< Where another key may be put behind the document: at `...`, or at the end.
    std::uint32_t step =
        0;  ///< How far some block map near the beginning is indented inside another; 0 without one.
};

/// The layout of a YAML text that parse_yaml() accepts, in detail where there are wishes.
[[nodiscard]] Layout yaml_layout(const std::shared_ptr<Source>& source, const Wish& wishes);
/// The same of a JSON text, which its tree tells.
[[nodiscard]] Layout json_layout(const value::Node& root, const Wish& wishes);

}  // namespace quantconf::format
