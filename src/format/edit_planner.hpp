#pragma once

#include <span>
#include <string>
#include <vector>

#include "format/edit_changes.hpp"
#include "format/edit_layout.hpp"
#include "format/edit_lines.hpp"
#include "format/edit_text.hpp"
#include "format/edit_wishes.hpp"
#include "format/report.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// Finds the bytes that have to change so that a text says what is wished. What cannot be changed without
/// guessing goes to the report. One planner for one text.
class Planner {
public:
    Planner(const Layout& layout, std::string_view text, Syntax syntax, Report& report);

    void plan(const value::Node& root, const Wish& wishes);
    [[nodiscard]] const Changes& changes() const noexcept { return changes_; }

private:
    /// Whether a pair stays in its map, perhaps with another value, or goes.
    enum class Fate : std::uint8_t { Stays, Gone };

    /// Where a value stands.
    struct Spot {
        enum class In : std::uint8_t { Root, BlockPair, BlockItem, Flow };
        In in = In::Root;
        const Slot* slot = nullptr;    ///< Of which it is the value.
        std::uint32_t indent = 0;      ///< Of the keys or dashes around it.
        std::uint32_t outer_step = 0;  ///< How far they are indented themselves; 0 where nobody knows.
    };

    /// What is to be done with the children of a collection.
    struct Children {
        std::vector<bool> is_removed;
        std::size_t insert_at = 0;  ///< In front of this child, or behind the last one.
        std::vector<Member> added;  ///< Without names for a list.
        [[nodiscard]] bool leaves_nothing() const;
        [[nodiscard]] bool removes_something() const;
    };

    // Walking along the wishes: edit_planner.cpp.
    Fate visit(const Slot& slot, const value::Node& node, const Wish& wish, const Spot& spot);
    Fate visit_map(const Piece& map, const value::Node& node, const Wish& wish, const Spot& spot);
    void visit_merged(std::span<const value::Entry> merged, const Wish& wish, const Piece& map);
    void fill_document(const Wish& wishes);
    [[nodiscard]] bool may_touch(const Piece& piece, const value::Node& node, bool is_whole);
    [[nodiscard]] bool may_drop(const Piece& piece, std::uint32_t begin);
    void refuse(Code code, std::uint32_t begin, std::uint32_t end, std::string message, std::string hint);
    [[nodiscard]] std::uint32_t step_of(const Piece& map, const Spot& spot) const;
    [[nodiscard]] Spot inside(const Piece& piece, const Slot& slot, const Spot& spot) const;

    // Giving a place another value: edit_value.cpp.
    void set(const Piece& piece, const value::Node& node, const Value& value, const Spot& spot);
    [[nodiscard]] bool set_members(const Piece& map, const value::Node& node, const Value& value,
                                   const Spot& spot);
    [[nodiscard]] bool set_items(const Piece& list, const value::Node& node, const Value& value,
                                 const Spot& spot);
    void replace_whole(const Piece& piece, const value::Node& node, const Value& value, const Spot& spot);
    void put_inline(const Piece& piece, std::string text, const Spot& spot);
    [[nodiscard]] bool put_block(const Piece& piece, const Value& value, const Spot& spot);
    void put_collection(const Piece& piece, const Value& value, const Spot& spot);
    [[nodiscard]] bool put_block_scalar(const Piece& piece, const Value& value);
    void replace_block_scalar(const Piece& piece, const std::string& text);
    [[nodiscard]] Form form_of(const Piece& piece, const value::Node& node, const Spot& spot) const;

    // Children of collections without brackets: edit_block.cpp.
    struct Range {
        std::size_t begin;
        std::size_t end;
    };
    void change_children(const Piece& piece, const Children& children, const Spot& spot);
    void change_block(const Piece& piece, const Children& children, const Spot& spot);
    void remove_children(const Piece& piece, const Children& children, const Spot& spot);
    [[nodiscard]] std::size_t skip_blank_lines(std::size_t at) const;
    [[nodiscard]] std::size_t behind_comments_inside(std::size_t at, std::size_t column) const;
    [[nodiscard]] bool can_change(const Piece& piece, const Children& children) const;
    [[nodiscard]] Range lines_of(const Piece& piece, std::size_t index, const Spot& spot) const;
    [[nodiscard]] bool has_own_comment(const Piece& piece, const Spot& spot) const;
    [[nodiscard]] bool has_comment(std::size_t begin, std::size_t end) const;
    void remove_lines(const Range& range);
    void add_lines(std::size_t behind, bool keeps_blanks, const std::string& lines);
    [[nodiscard]] std::size_t behind_colon_of(const Slot& slot) const;
    [[nodiscard]] std::size_t behind_marks(const Piece& piece, const Slot& slot) const;

    // Children between brackets: edit_flow.cpp.
    void change_flow(const Piece& piece, const Children& children);
    void remove_between_brackets(const Piece& piece, const Children& children);
    void add_between_brackets(const Piece& piece, const Children& children);
    void add_behind(const Piece& piece, const Children& children, bool is_before_kept);
    [[nodiscard]] std::size_t comma_behind(const Piece& piece, std::size_t index) const;
    [[nodiscard]] bool is_tight(const Piece& piece) const;
    [[nodiscard]] std::vector<std::string> flow_texts(const Piece& piece, const Children& children) const;

    const Layout& layout_;
    Lines lines_;
    std::string_view text_;
    Syntax syntax_;
    Report& report_;
    Changes changes_;
    Arena arena_;
    std::vector<std::string> path_;  ///< Of the place that is looked at.
};

}  // namespace quantconf::format
