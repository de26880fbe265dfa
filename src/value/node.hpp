#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf::value {

/// How a scalar was written. Typing needs it: "5" in quotes is a text, not a number.
enum class Style : std::uint8_t {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,   ///< A YAML block scalar after |.
    Folded,    ///< A YAML block scalar after >.
    Verbatim,  ///< The whole text of an environment variable or of --set: not YAML, so also "yes" is a
               ///< boolean.
};

/// What a node asks the merge to do, instead of simply replacing the layer beneath.
enum class Operator : std::uint8_t { None, Delete, DeleteIfSet, Replace, Append, Prepend, Remove };

enum class NodeKind : std::uint8_t { Scalar, List, Map };

struct Entry;

/// One node of a parsed or merged tree: what was written, where, and what it replaced. Not typed yet.
///
/// Trivially copyable and immutable once built; texts and children belong to the Arena of a Document or of a
/// merge, so subtrees are shared freely. `below` links to the value of the next lower layer that this node
/// hides: the override stack of `explain`, at the cost of one pointer.
struct Node {
    NodeKind kind = NodeKind::Scalar;
    Style style = Style::Plain;
    Operator op = Operator::None;
    /// The children of a merged list already contain those of `below` (append, prepend, by_key): `below` is
    /// there to be shown, not to be validated again.
    bool includes_below = false;
    /// `text` is the result of ${...}: messages quote what was written in the source instead, because the
    /// result may come from a variable that nobody wants to see printed.
    bool is_interpolated = false;
    std::uint32_t size = 0;  ///< Bytes of text, or number of children.
    union {
        const char* text = nullptr;
        const Node* items;
        const Entry* entries;
    };
    const Source* source = nullptr;
    std::uint32_t begin = 0;  ///< Byte offsets in `source`, quotes included.
    std::uint32_t end = 0;
    const Node* below = nullptr;

    [[nodiscard]] std::string_view scalar() const noexcept { return {text, size}; }
    [[nodiscard]] std::span<const Node> list() const noexcept { return {items, size}; }
    [[nodiscard]] std::span<const Entry> map() const noexcept;
    [[nodiscard]] bool is_quoted() const noexcept {
        return style != Style::Plain && style != Style::Verbatim;
    }
    /// A plain `~`, `null`, `Null`, `NULL` or nothing at all. Verbatim texts are never null.
    [[nodiscard]] bool is_null() const noexcept;
    /// Delete or DeleteIfSet: a tombstone that says who took the value away.
    [[nodiscard]] bool is_deletion() const noexcept {
        return op == Operator::Delete || op == Operator::DeleteIfSet;
    }
    /// The entry of a map, or nullptr. Linear.
    [[nodiscard]] const Entry* find(std::string_view key) const noexcept;
    [[nodiscard]] Origin origin() const;
};

/// A key and its value. The key has a place of its own.
struct Entry {
    const char* key_text = nullptr;
    std::uint32_t key_size = 0;
    std::uint32_t key_begin = 0;
    std::uint32_t key_end = 0;
    const Source* key_source = nullptr;
    Node value;

    [[nodiscard]] std::string_view key() const noexcept { return {key_text, key_size}; }
    [[nodiscard]] Origin key_origin() const;
};

inline std::span<const Entry> Node::map() const noexcept {
    return {entries, size};
}

[[nodiscard]] Node scalar_node(std::string_view text, Style style, const Source* source, std::uint32_t begin,
                               std::uint32_t end);
[[nodiscard]] Node list_node(std::span<const Node> items, const Source* source, std::uint32_t begin,
                             std::uint32_t end);
[[nodiscard]] Node map_node(std::span<const Entry> entries, const Source* source, std::uint32_t begin,
                            std::uint32_t end);

/// A parsed source and the memory of its nodes. Shared by everything that points into it.
struct Document {
    std::shared_ptr<Source> source;
    Arena arena;
    Node root;  ///< Always a Map.
};

}  // namespace quantconf::value
