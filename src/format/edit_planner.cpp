#include "format/edit_planner.hpp"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "format/edit_meaning.hpp"

namespace quantconf::format {

using value::Entry;
using value::Node;
using value::NodeKind;
using value::Operator;

bool Planner::Children::leaves_nothing() const {
    return added.empty() && std::ranges::all_of(is_removed, [](bool removed) { return removed; });
}

bool Planner::Children::removes_something() const {
    return std::ranges::any_of(is_removed, [](bool removed) { return removed; });
}

Planner::Planner(const Layout& layout, std::string_view text, Syntax syntax, Report& report)
    : layout_{layout}, lines_{text}, text_{text}, syntax_{syntax}, report_{report} {}

void Planner::plan(const Node& root, const Wish& wishes) {
    if (layout_.root.kind == Piece::Kind::Nothing) {
        fill_document(wishes);
    } else {
        static_cast<void>(visit_map(layout_.root, root, wishes, {}));
    }
}

/// A document of comments, or of nothing at all.
void Planner::fill_document(const Wish& wishes) {
    if (!wishes.sets_something()) {
        return;
    }
    const Block block{.indent = 0, .step = 2, .newline = lines_.newline()};
    const std::string lines = block_text(wishes.value(arena_), block);
    changes_.insert(layout_.end, lines + lines_.newline());
}

Planner::Fate Planner::visit(const Slot& slot, const Node& node, const Wish& wish, const Spot& spot) {
    const Piece& piece = slot.piece;
    const bool is_set = wish.edit != nullptr && wish.edit->value;
    if ((is_set && says(node, *wish.edit->value)) || !may_touch(piece, node, wish.edit != nullptr)) {
        return Fate::Stays;
    }
    if (wish.is_removal()) {
        return may_drop(piece, slot.begin) ? Fate::Gone : Fate::Stays;
    }
    if (is_set) {
        set(piece, node, *wish.edit->value, spot);
        return Fate::Stays;
    }
    if (node.kind == NodeKind::Map) {
        return visit_map(piece, node, wish, spot);
    }
    if (!node.is_null()) {
        refuse(Code::EditThroughValue, piece.content, piece.end,
               fmt::format("expected a section, found a {}", node.kind == NodeKind::List ? "list" : "value"),
               "a key can only be set inside of a section; remove this value first if a section shall stand "
               "here");
    } else if (wish.sets_something()) {
        set(piece, node, wish.value(arena_), spot);
    }
    return Fate::Stays;
}

Planner::Fate Planner::visit_map(const Piece& map, const Node& node, const Wish& wish, const Spot& spot) {
    Children children{
        .is_removed = std::vector<bool>(map.slots.size()), .insert_at = map.slots.size(), .added = {}};
    std::unordered_set<const Wish*> met;
    std::size_t own = 0;  // The entries of the map itself stand in front of those of its merge key.
    for (std::size_t i = 0; i < map.slots.size(); ++i) {
        const Slot& slot = map.slots[i];
        const Wish* below = slot.is_merge ? nullptr : wish.find(slot.key);
        if (below != nullptr) {
            met.insert(below);
            path_.push_back(slot.key);
            children.is_removed[i] =
                visit(slot, node.map()[own].value, *below, inside(map, slot, spot)) == Fate::Gone;
            path_.pop_back();
        }
        own += slot.is_merge ? 0U : 1U;
    }
    if (map.has_merge) {
        visit_merged(node.map().subspan(own), wish, map);
    }
    for (const auto& below : wish.below) {
        if (!met.contains(below.get()) && below->sets_something()) {
            children.added.push_back({.name = below->key, .value = below->value(arena_)});
        }
    }
    const bool is_emptied = children.leaves_nothing() && children.removes_something();
    if (is_emptied && spot.in != Spot::In::Root && !map.has_tag && !map.has_anchor &&
        !has_own_comment(map, spot)) {
        return Fate::Gone;
    }
    if (!report_.has_errors()) {
        change_children(map, children, spot);
    }
    return Fate::Stays;
}

void Planner::visit_merged(std::span<const Entry> merged, const Wish& wish, const Piece& map) {
    for (const Entry& entry : merged) {
        if (wish.find(entry.key()) != nullptr) {
            path_.emplace_back(entry.key());
            refuse(Code::EditOfAlias, map.content, map.content,
                   "expected a value of its own, found one of a merge key",
                   "change it where the anchor stands, or write the key into this section by hand");
            path_.pop_back();
        }
    }
}

/// Whether a value is the file's own, says nothing to the merge, and belongs to this place alone.
bool Planner::may_touch(const Piece& piece, const Node& node, bool is_whole) {
    if (piece.kind == Piece::Kind::Alias) {
        refuse(Code::EditOfAlias, piece.begin, piece.end, "expected a value of its own, found an alias",
               "change it where the anchor stands, or write a value here by hand");
        return false;
    }
    const bool is_inside_replace =
        node.op == Operator::Replace && !is_whole;  // Says nothing about its children.
    if (node.op != Operator::None && !is_inside_replace) {
        refuse(Code::EditOfOperator, piece.begin, piece.end, "expected an ordinary value, found an operator",
               "operators say how layers are merged; change this place by hand");
        return false;
    }
    const auto own = std::ranges::lower_bound(layout_.anchors, piece.begin, {}, &UsedAnchor::begin);
    if (piece.has_anchor && own != layout_.anchors.end() && own->last_use != 0) {
        refuse(Code::EditOfAnchor, piece.begin, piece.end,
               "expected a value that stands for this place alone, found an anchor that others refer to",
               "change it by hand, and look at every place that refers to it");
        return false;
    }
    return true;
}

/// Whether everything from `begin` to the end of a value can go: no alias elsewhere refers into it.
bool Planner::may_drop(const Piece& piece, std::uint32_t begin) {
    auto lost = std::ranges::lower_bound(layout_.anchors, begin, {}, &UsedAnchor::begin);
    while (lost != layout_.anchors.end() && lost->begin < piece.end && lost->last_use < piece.end) {
        ++lost;
    }
    if (lost == layout_.anchors.end() || lost->begin >= piece.end) {
        return true;
    }
    refuse(Code::EditOfAnchor, lost->begin, lost->begin,
           "expected nothing that others refer to, found an anchor",
           "change this place by hand, and look at every place that refers to it");
    return false;
}

void Planner::refuse(Code code, std::uint32_t begin, std::uint32_t end, std::string message,
                     std::string hint) {
    report_.add({.code = code,
                 .path = dotted(path_),
                 .message = std::move(message),
                 .hint = std::move(hint),
                 .origin = report_.at(begin, end)});
}

/// How far the children of a child are to be indented: as the neighbours do, else as this map, else as the
/// file does.
std::uint32_t Planner::step_of(const Piece& map, const Spot& spot) const {
    constexpr std::uint32_t kUsual = 2;
    if (map.step != 0) {
        return map.step;
    }
    const std::uint32_t outer = spot.outer_step != 0 ? spot.outer_step : layout_.step;
    return outer != 0 ? outer : kUsual;
}

Planner::Spot Planner::inside(const Piece& piece, const Slot& slot, const Spot& spot) const {
    if (piece.is_flow) {
        return {.in = Spot::In::Flow, .slot = &slot, .indent = 0, .outer_step = 0};
    }
    const bool is_item = piece.kind == Piece::Kind::List;
    return {.in = is_item ? Spot::In::BlockItem : Spot::In::BlockPair,
            .slot = &slot,
            .indent = static_cast<std::uint32_t>(lines_.column(piece.content)),
            .outer_step = is_item ? spot.outer_step : step_of(piece, spot)};
}

}  // namespace quantconf::format
