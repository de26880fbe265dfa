#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "format/key_index.hpp"
#include "format/report.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// Most keys and values in a text of this many bytes. Grows with the text, so that a small text cannot take
/// much memory: at most 64 MiB beyond ten times its size, the tree's own growth included.
[[nodiscard]] std::size_t nodes_max(std::size_t text_bytes);

/// A finished part of a tree, and how large it is with every alias written out.
struct Subtree {
    value::Node node;
    std::uint32_t nodes = 1;
    std::uint32_t height = 0;  ///< 0 for a scalar.
    bool is_key = false;       ///< A collection that stands where a key must: reported, and left out.
};

/// Bytes [begin, end) of the source.
struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

/// Builds the tree of one document from what a parser reads, left to right, and checks what is the same in
/// every syntax: keys, duplicates, merge keys, depth, size.
///
/// The parser opens and closes collections in pairs and gives a key before each value of a map. After a fatal
/// problem has_failed() is true and the parser must stop. Texts must live as long as the document.
class TreeBuilder {
public:
    TreeBuilder(value::Document& document, Report& report);

    void open_list(Span at, value::Operator op = value::Operator::None);
    void open_map(Span at, value::Operator op = value::Operator::None);
    /// Closes the innermost collection, which ends at byte `end`.
    [[nodiscard]] Subtree close(std::uint32_t end);

    void key(std::string_view text, Span at);
    /// A key that is not a text: reported, and its value left out.
    void bad_key(Span at, std::string found);
    /// A key about which everything has been said: its value is left out.
    void drop_key(Span at);
    /// `<<`: the next value is merged into the map.
    void merge_key(Span at);
    /// A scalar, an alias' copy, or what close() gave.
    void place(const Subtree& subtree);
    /// The same for the copy of an anchored node; counts what it adds.
    void place_alias(const Subtree& subtree, Span at);

    /// Whether the next node is the key of a map; whether it is the ordinary value of a key.
    [[nodiscard]] bool wants_key() const noexcept {
        return !frames_.empty() && frames_.back().next == Next::Key;
    }
    [[nodiscard]] bool wants_map_value() const noexcept {
        return !frames_.empty() &&
               (frames_.back().next == Next::Value || frames_.back().next == Next::DroppedValue);
    }
    /// Whether the next node is an item of a list.
    [[nodiscard]] bool wants_item() const noexcept {
        return !frames_.empty() && frames_.back().next == Next::Item;
    }
    /// Dotted path of the next value.
    [[nodiscard]] std::string path() const;

    /// Another node beyond those of keys and values, such as an anchor.
    void count_node(std::uint32_t begin);
    [[nodiscard]] bool has_failed() const noexcept { return has_failed_; }
    void fail() noexcept { has_failed_ = true; }
    [[nodiscard]] const Subtree& root() const noexcept { return root_; }

private:
    enum class Next : std::uint8_t { Item, Key, Value, MergedValue, DroppedValue };

    struct Frame {
        value::NodeKind kind = value::NodeKind::Map;
        value::Operator op = value::Operator::None;
        Next next = Next::Key;
        bool is_key = false;
        std::uint32_t begin = 0;
        std::uint32_t first = 0;        ///< Of its children in items_ or entries_.
        std::uint32_t first_merge = 0;  ///< In merges_.
        std::uint32_t nodes = 1;
        std::uint32_t height = 1;
        std::uint32_t count = 0;  ///< Items so far.
        Span key_at;
        std::string_view key;
    };

    struct Merge {
        value::Node node;
        Span at;
    };

    void open(value::NodeKind kind, Span at, value::Operator op);
    void place_in_map(Frame& frame, const value::Node& node);
    [[nodiscard]] std::string path_of_key(std::string_view key) const;
    void finish_map(const Frame& frame);
    void drop_duplicates(const Frame& frame);
    void merge_all(const Frame& frame);
    void merge_one(const value::Node& from);
    void report_clash(const value::Entry& earlier, const value::Entry& later);
    void drop(const value::Node& node);

    value::Document& document_;
    Report& report_;
    std::vector<Frame> frames_;
    std::vector<value::Node> items_;
    std::vector<value::Entry> entries_;
    std::vector<Merge> merges_;
    KeyIndex index_;
    Subtree root_;
    std::size_t nodes_ = 0;
    std::size_t nodes_max_;
    std::size_t alias_nodes_ = 0;
    bool has_failed_ = false;
};

}  // namespace quantconf::format
