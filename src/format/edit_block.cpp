// Keys and items on lines of their own.

#include <algorithm>

#include "format/edit_planner.hpp"
#include "format/yaml_places.hpp"

namespace quantconf::format {

void Planner::change_children(const Piece& piece, const Children& children, const Spot& spot) {
    if (!can_change(piece, children)) {
        refuse(Code::EditRefused, piece.content, piece.content,
               "expected keys on lines of their own or in braces, found one behind something else",
               "change this place by hand");
    } else if (piece.is_flow) {
        change_flow(piece, children);
    } else {
        change_block(piece, children, spot);
    }
}

/// Whether children can come and go: line by line, or between brackets. `[a: 1]` holds a map without braces.
bool Planner::can_change(const Piece& piece, const Children& children) const {
    if (children.added.empty() && !children.removes_something()) {
        return true;
    }
    if (piece.is_flow) {
        return text_[piece.content] == '{' || text_[piece.content] == '[';
    }
    if (!children.added.empty() && children.insert_at == 0 && !lines_.is_first_on_line(piece.content)) {
        return false;
    }
    for (std::size_t i = 0; i < piece.slots.size(); ++i) {
        if (children.is_removed[i] && !lines_.is_first_on_line(piece.slots[i].begin)) {
            return false;
        }
    }
    return true;
}

void Planner::change_block(const Piece& piece, const Children& children, const Spot& spot) {
    if (children.leaves_nothing() && children.removes_something() && spot.in != Spot::In::Root) {
        const bool is_map = piece.kind == Piece::Kind::Map;
        changes_.insert(behind_marks(piece, *spot.slot), is_map ? " {}" : " []");
    }
    remove_children(piece, children, spot);
    if (children.added.empty()) {
        return;
    }
    const std::size_t indent = lines_.column(piece.content);
    const Block block{.indent = indent, .step = step_of(piece, spot), .newline = lines_.newline()};
    const std::string indentation(indent, ' ');
    std::string lines;
    for (const Member& member : children.added) {
        lines += lines.empty() ? "" : lines_.newline();
        lines += indentation;
        lines += piece.kind == Piece::Kind::Map ? block_member(member.name, member.value, block)
                                                : block_text(Value::list(std::span{&member.value, 1}), block);
    }
    if (children.insert_at > 0) {
        const Piece& before = piece.slots[children.insert_at - 1].piece;
        add_lines(before.end, before.ends_kept, lines);
    } else {
        changes_.insert(lines_.begin_of(piece.content), lines + lines_.newline());
    }
}

void Planner::remove_children(const Piece& piece, const Children& children, const Spot& spot) {
    std::size_t kept_text =
        std::string_view::npos;  // Where a text ends that takes every blank line behind it.
    for (std::size_t i = 0; i < piece.slots.size(); ++i) {
        const Piece& child = piece.slots[i].piece;
        if (!children.is_removed[i]) {
            kept_text = child.ends_kept ? lines_.next_after(child.end) : std::string_view::npos;
            continue;
        }
        Range range = lines_of(piece, i, spot);
        if (kept_text != std::string_view::npos && skip_blank_lines(kept_text) >= range.begin) {
            range.end = kept_text = skip_blank_lines(range.end);
        }
        remove_lines(range);
    }
}

std::size_t Planner::skip_blank_lines(std::size_t at) const {
    while (at < text_.size() && lines_.is_blank(at)) {
        at = lines_.next_after(at);
    }
    return at;
}

/// The lines of a child, from its key or dash to the end of its value, the comment behind it included. With
/// it goes a comment that can belong to nothing else: directly above a key, indented like it, and the two of
/// them alone between blank lines.
Planner::Range Planner::lines_of(const Piece& piece, std::size_t index, const Spot& spot) const {
    const Slot& slot = piece.slots[index];
    Range range{.begin = lines_.begin_of(slot.begin), .end = lines_.next_after(slot.piece.end)};
    range.end = behind_comments_inside(range.end, lines_.column(slot.begin));
    const bool is_last = index + 1 == piece.slots.size();
    const bool is_followed =
        range.end < text_.size() && !lines_.is_blank(range.end) && (!is_last || lines_.is_comment(range.end));
    if (is_followed || piece.kind != Piece::Kind::Map) {
        return range;
    }
    // Nothing above this belongs to the map's lines: the child before, or the key of the map.
    std::size_t limit = lines_.first();
    if (index > 0) {
        limit = lines_.next_after(piece.slots[index - 1].piece.end);
    } else if (spot.slot != nullptr) {
        limit = lines_.next_after(spot.slot->key_end);
    }
    std::size_t top = range.begin;
    while (top > limit) {
        const std::size_t above = lines_.begin_of(lines_.newline_before(top));
        if (above < limit || !lines_.is_comment(above) ||
            lines_.column(lines_.skip_blanks(above)) != lines_.column(slot.begin)) {
            break;
        }
        top = above;
    }
    const bool has_blank_above = top > limit && lines_.is_blank(lines_.newline_before(top));
    range.begin = has_blank_above ? top : range.begin;
    return range;
}

/// Whether a comment would be left in a map of which every child goes.
bool Planner::has_own_comment(const Piece& piece, const Spot& spot) const {
    if (piece.is_flow) {
        std::size_t at = piece.content + 1;
        for (const Slot& slot : piece.slots) {
            if (has_comment(at, slot.begin)) {
                return true;
            }
            at = slot.piece.end;
        }
        return has_comment(at, piece.end);
    }
    std::size_t at = spot.slot->key_end;
    for (std::size_t i = 0; i < piece.slots.size(); ++i) {
        if (!lines_.is_first_on_line(piece.slots[i].begin)) {
            return true;  // Not line by line: left to the one who refuses.
        }
        const Range range = lines_of(piece, i, spot);
        if (has_comment(at, range.begin)) {
            return true;
        }
        at = range.end;
    }
    return behind_comments_inside(at, lines_.column(spot.slot->begin)) > at;
}

/// Behind the last comment that is indented more than `column`, from the beginning of a line on.
std::size_t Planner::behind_comments_inside(std::size_t at, std::size_t column) const {
    std::size_t result = at;
    for (; at < text_.size() && (lines_.is_blank(at) || lines_.is_comment(at)); at = lines_.next_after(at)) {
        if (lines_.is_comment(at) && lines_.column(lines_.skip_blanks(at)) > column) {
            result = lines_.next_after(at);
        }
    }
    return result;
}

/// Whether there is a comment between two values, where nothing else but punctuation stands.
bool Planner::has_comment(std::size_t begin, std::size_t end) const {
    return begin < end && text_.substr(begin, end - begin).contains('#');
}

void Planner::remove_lines(const Range& range) {
    changes_.remove(range.begin, range.end);
}

/// Adds lines behind the one of a byte; `keeps_blanks` says that the blank lines below it are part of a text.
void Planner::add_lines(std::size_t behind, bool keeps_blanks, const std::string& lines) {
    const std::size_t next = lines_.next_after(behind);
    const std::size_t at = keeps_blanks ? skip_blank_lines(next) : next;
    changes_.insert(at, lines + lines_.newline());
}

std::size_t Planner::behind_colon_of(const Slot& slot) const {
    return behind_colon(text_, slot.key_end).begin;
}

/// Where a value may begin on the line of its key: behind the colon, and behind an anchor or a tag.
std::size_t Planner::behind_marks(const Piece& piece, const Slot& slot) const {
    if (piece.begin == piece.content) {
        return behind_colon_of(slot);
    }
    std::size_t at = piece.begin;
    while (true) {
        at = std::min(text_.find_first_of(" \t\r\n", at), text_.size());
        const std::size_t next = lines_.skip_blanks(at);
        if (next == text_.size() || next >= piece.content || (text_[next] != '&' && text_[next] != '!')) {
            return at;
        }
        at = next;
    }
}

}  // namespace quantconf::format
