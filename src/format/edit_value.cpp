// A place gets another value, in the style it was written in where the new value allows that.

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "format/edit_meaning.hpp"
#include "format/edit_planner.hpp"
#include "format/yaml_text.hpp"

namespace quantconf::format {

using value::Node;
using value::Style;

namespace {

bool is_filled(const Value& value, Value::Kind kind) {
    return value.kind() == kind &&
           (kind == Value::Kind::Map ? !value.members().empty() : !value.items().empty());
}

}  // namespace

void Planner::set(const Piece& piece, const Node& node, const Value& value, const Spot& spot) {
    if (says(node, value) || !may_touch(piece, node, /*is_whole=*/true)) {
        return;
    }
    const bool is_done = (piece.kind == Piece::Kind::Map && is_filled(value, Value::Kind::Map) &&
                          set_members(piece, node, value, spot)) ||
                         (piece.kind == Piece::Kind::List && is_filled(value, Value::Kind::List) &&
                          set_items(piece, node, value, spot));
    if (!is_done) {
        replace_whole(piece, node, value, spot);
    }
}

/// Key by key, so that the comments of what stays, stay. False if that is not possible here.
bool Planner::set_members(const Piece& map, const Node& node, const Value& value, const Spot& spot) {
    if (map.has_merge) {
        refuse(Code::EditOfAlias, map.content, map.content,
               "expected a section of its own, found a merge key",
               "change it by hand: what it takes from elsewhere cannot be replaced here");
        return true;
    }
    std::unordered_map<std::string_view, const Value*> wanted;
    for (const Member& member : value.members()) {
        wanted.emplace(member.name, &member.value);
    }
    Children children{
        .is_removed = std::vector<bool>(map.slots.size()), .insert_at = map.slots.size(), .added = {}};
    for (std::size_t i = 0; i < map.slots.size(); ++i) {
        children.is_removed[i] = !wanted.contains(map.slots[i].key);
    }
    std::unordered_set<std::string_view> present;
    for (const Slot& slot : map.slots) {
        present.insert(slot.key);
    }
    for (const Member& member : value.members()) {
        if (!present.contains(member.name)) {
            children.added.push_back(member);
        }
    }
    if (!can_change(map, children)) {
        return false;
    }
    for (std::size_t i = 0; i < map.slots.size(); ++i) {
        const Slot& slot = map.slots[i];
        path_.push_back(slot.key);
        if (children.is_removed[i]) {
            static_cast<void>(may_drop(slot.piece, slot.begin));
        } else {
            set(slot.piece, node.map()[i].value, *wanted.at(slot.key), inside(map, slot, spot));
        }
        path_.pop_back();
    }
    change_children(map, children, spot);
    return true;
}

/// Item by item: what is the same at both ends stays as it is; in between, items are replaced in place, and
/// the rest is added or removed. False if that is not possible here.
bool Planner::set_items(const Piece& list, const Node& node, const Value& value, const Spot& spot) {
    const auto old = node.list();
    const auto wanted = value.items();
    const std::size_t shorter = std::min(old.size(), wanted.size());
    std::size_t front = 0;
    while (front < shorter && says(old[front], wanted[front])) {
        ++front;
    }
    std::size_t back = 0;
    while (back < shorter - front && says(old[old.size() - 1 - back], wanted[wanted.size() - 1 - back])) {
        ++back;
    }
    const std::size_t in_place = shorter - front - back;
    Children children{
        .is_removed = std::vector<bool>(old.size()), .insert_at = front + in_place, .added = {}};
    for (std::size_t i = front + in_place; i < old.size() - back; ++i) {
        children.is_removed[i] = true;
    }
    for (std::size_t i = front + in_place; i < wanted.size() - back; ++i) {
        children.added.push_back({.name = {}, .value = wanted[i]});
    }
    if (!can_change(list, children)) {
        return false;
    }
    for (std::size_t i = 0; i < old.size(); ++i) {
        const Slot& slot = list.slots[i];
        if (children.is_removed[i]) {
            static_cast<void>(may_drop(slot.piece, slot.begin));
        } else if (i >= front && i < front + in_place) {
            set(slot.piece, old[i], wanted[i], inside(list, slot, spot));
        }
    }
    change_children(list, children, spot);
    return true;
}

void Planner::replace_whole(const Piece& piece, const Node& node, const Value& value, const Spot& spot) {
    if (!may_drop(piece, piece.begin) || put_block_scalar(piece, value)) {
        return;
    }
    if (piece.is_block() && piece.has_tag) {
        refuse(Code::EditRefused, piece.begin, piece.end, "expected a section without a tag, found one",
               "delete the tag: the schema knows the type");
        return;
    }
    const bool is_collection = is_filled(value, Value::Kind::Map) || is_filled(value, Value::Kind::List);
    const bool is_block = is_collection && (wants_block(value) || piece.is_block()) && !piece.is_flow &&
                          spot.in != Spot::In::Flow;
    if (!is_block || !put_block(piece, value, spot)) {
        put_inline(piece, flow_text(value, form_of(piece, node, spot)), spot);
    }
}

Form Planner::form_of(const Piece& piece, const Node& node, const Spot& spot) const {
    Form form{.syntax = syntax_, .is_flow = piece.is_flow || spot.in == Spot::In::Flow};
    if (piece.kind == Piece::Kind::Scalar) {
        constexpr std::string_view kDigits = "+-0123456789";
        const std::string_view text = node.scalar();
        form.style = piece.is_block_scalar() ? Style::Plain : piece.style;
        form.is_whole = !text.empty() && kDigits.contains(text.front()) &&
                        text.find_first_not_of("+-0123456789_") == std::string_view::npos;
    } else if (piece.kind != Piece::Kind::Nothing && piece.is_flow) {
        form.is_tight = is_tight(piece);
    }
    return form;
}

/// Puts a text of one line where a value stands.
void Planner::put_inline(const Piece& piece, std::string text, const Spot& spot) {
    const std::size_t from = piece.has_tag ? piece.begin : piece.content;
    if (piece.kind == Piece::Kind::Nothing && from == piece.end) {
        const bool lacks_colon = spot.in != Spot::In::BlockItem && from == spot.slot->key_end;
        if (lacks_colon && spot.in != Spot::In::Flow) {
            refuse(Code::EditRefused, spot.slot->begin, spot.slot->key_end,
                   "expected `:` behind the key, found none", "write `:` behind it");
            return;
        }
        changes_.insert(from, (lacks_colon ? ": " : " ") + text);
    } else if (piece.is_block_scalar()) {
        replace_block_scalar(piece, text);
    } else if (piece.is_block() && spot.in == Spot::In::BlockPair && lines_.is_first_on_line(piece.content)) {
        changes_.insert(behind_marks(piece, *spot.slot), " " + text);
        remove_lines({.begin = lines_.begin_of(piece.content), .end = lines_.next_after(piece.end)});
    } else {
        const bool touches_comment = piece.end < text_.size() && text_[piece.end] == '#';
        changes_.replace(from, piece.end, std::move(text) + (touches_comment ? " " : ""));
    }
}

/// The text on the line of the key, and the lines below it gone; a comment behind `|` stays.
void Planner::replace_block_scalar(const Piece& piece, const std::string& text) {
    const std::size_t from = piece.has_tag ? piece.begin : piece.content;
    const std::size_t header_end = std::min(text_.find_first_of(" \t\r\n", piece.content), text_.size());
    changes_.replace(from, header_end, text);
    if (piece.end > lines_.end_of(piece.content)) {
        remove_lines({.begin = lines_.next_after(piece.content), .end = lines_.next_after(piece.end)});
    }
}

/// Gives a block scalar other lines, if the text can be written like that. False if not.
bool Planner::put_block_scalar(const Piece& piece, const Value& value) {
    if (!piece.is_block_scalar() || value.kind() != Value::Kind::Text) {
        return false;
    }
    const std::size_t header_end = std::min(text_.find_first_of(" \t\r\n", piece.content), text_.size());
    const std::string_view header = text_.substr(piece.content, header_end - piece.content);
    const std::size_t first = lines_.next_after(piece.content);
    if (header.find_first_of("0123456789") != std::string_view::npos || piece.end <= first) {
        return false;
    }
    const std::size_t content = text_.find_first_not_of(" \t\r\n", first);
    const Block block{.indent = lines_.column(content), .step = 0, .newline = lines_.newline()};
    const auto scalar = block_scalar(escape_references(value.as_text()), piece.style, block);
    if (!scalar) {
        return false;
    }
    changes_.replace(piece.content + 1, header_end, scalar->chomping);
    changes_.replace(first, lines_.next_after(piece.end), scalar->lines + lines_.newline());
    return true;
}

/// Puts a map or list on lines of its own. False if there is no place for it: then it stands between
/// brackets.
bool Planner::put_block(const Piece& piece, const Value& value, const Spot& spot) {
    const bool is_line = piece.kind == Piece::Kind::Nothing ||
                         (piece.kind == Piece::Kind::Scalar && lines_.end_of(piece.begin) >= piece.end &&
                          !piece.is_block_scalar());
    if (piece.is_block()) {
        put_collection(piece, value, spot);
        return true;
    }
    if (!is_line || spot.slot == nullptr) {
        return false;
    }
    if (spot.in == Spot::In::BlockItem) {
        if (piece.has_anchor || piece.has_tag) {
            return false;  // It would become the anchor of the first key.
        }
        const bool is_nothing = piece.kind == Piece::Kind::Nothing;
        const std::size_t indent = is_nothing ? spot.indent + 2 : lines_.column(piece.content);
        const Block block{.indent = indent, .step = 2, .newline = lines_.newline()};
        changes_.replace(piece.content, piece.end, (is_nothing ? " " : "") + block_text(value, block));
        return true;
    }
    const std::size_t colon = behind_colon_of(*spot.slot);
    if (colon == spot.slot->key_end || lines_.end_of(colon) < piece.begin) {
        return false;
    }
    const std::size_t from = piece.has_tag ? piece.begin : piece.content;
    const std::size_t blanks = text_.find_last_not_of(" \t", from - 1) + 1;
    changes_.remove(blanks, piece.end);
    const std::size_t step = spot.outer_step != 0 ? spot.outer_step : 2;
    const Block block{.indent = spot.indent + step, .step = step, .newline = lines_.newline()};
    add_lines(piece.end, false, std::string(block.indent, ' ') + block_text(value, block));
    return true;
}

/// Puts other lines where a block collection stands.
void Planner::put_collection(const Piece& piece, const Value& value, const Spot& spot) {
    std::size_t indent = lines_.column(piece.content);
    const std::size_t step = step_of(piece, spot);
    if (!lines_.is_first_on_line(piece.content)) {
        changes_.replace(piece.content, piece.end,
                         block_text(value, {.indent = indent, .step = step, .newline = lines_.newline()}));
        return;
    }
    // The items of a list may stand as far left as its key; keys may not.
    indent = spot.in == Spot::In::BlockPair && indent <= spot.indent ? spot.indent + step : indent;
    const Block block{.indent = indent, .step = step, .newline = lines_.newline()};
    changes_.replace(lines_.begin_of(piece.content), piece.end,
                     std::string(indent, ' ') + block_text(value, block));
}

}  // namespace quantconf::format
