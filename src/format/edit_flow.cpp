// Keys and items between brackets: YAML's flow style, and all of JSON.

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "format/edit_planner.hpp"

namespace quantconf::format {

void Planner::change_flow(const Piece& piece, const Children& children) {
    remove_between_brackets(piece, children);
    if (!children.added.empty()) {
        add_between_brackets(piece, children);
    }
}

/// The comma behind a child; npos if there is none.
std::size_t Planner::comma_behind(const Piece& piece, std::size_t index) const {
    const std::size_t end =
        index + 1 < piece.slots.size() ? piece.slots[index + 1].begin : std::size_t{piece.end} - 1;
    std::size_t at = piece.slots[index].piece.end;
    while (at < end && text_[at] != ',') {
        at = text_[at] == '#' ? lines_.next_after(at) : at + 1;
    }
    return at < end ? at : std::string_view::npos;
}

/// Each child takes the comma behind it along. The last one may have none: then the comma of the last that
/// stays has nothing to separate any more, unless something is added. Comments stay.
void Planner::remove_between_brackets(const Piece& piece, const Children& children) {
    std::optional<std::size_t> last_kept;
    for (std::size_t i = 0; i < piece.slots.size(); ++i) {
        if (!children.is_removed[i]) {
            last_kept = i;
            continue;
        }
        const Slot& slot = piece.slots[i];
        const std::size_t comma = comma_behind(piece, i);
        const bool is_comma_next = comma != std::string_view::npos && lines_.end_of(slot.piece.end) > comma;
        const std::size_t line = lines_.begin_of(slot.begin);
        const bool is_alone = line > lines_.first() && lines_.is_first_on_line(slot.begin) &&
                              lines_.ends_here(is_comma_next ? comma + 1 : slot.piece.end);
        // The blank in front of the last child goes with its own comma, any other with the comma before it.
        const bool takes_front = comma != std::string_view::npos && i + 1 == piece.slots.size();
        const std::size_t front =
            takes_front ? text_.find_last_not_of(" \t", slot.begin - 1) + 1 : slot.begin;
        changes_.remove(is_alone ? lines_.newline_before(line) : front, slot.piece.end);
        if (comma != std::string_view::npos) {
            changes_.remove(comma, is_alone ? comma + 1 : lines_.skip_blanks(comma + 1));
        }
    }
    const bool is_last_gone = !piece.slots.empty() && children.is_removed.back();
    if (is_last_gone && last_kept && children.added.empty() &&
        comma_behind(piece, piece.slots.size() - 1) == std::string_view::npos) {
        const std::size_t comma = comma_behind(piece, *last_kept);
        const bool is_same_line = lines_.end_of(comma) > piece.slots[*last_kept + 1].begin;
        changes_.remove(comma, is_same_line ? lines_.skip_blanks(comma + 1) : comma + 1);
    }
}

void Planner::add_between_brackets(const Piece& piece, const Children& children) {
    const std::size_t at = children.insert_at;
    const auto is_kept = [&](std::size_t index) {
        return index < piece.slots.size() && !children.is_removed[index];
    };
    if (at > 0) {
        add_behind(piece, children, is_kept(at - 1));
        return;
    }
    const std::string comma = is_tight(piece) ? "," : ", ";
    const std::string joined = fmt::format("{}", fmt::join(flow_texts(piece, children), comma));
    changes_.insert(is_kept(0) ? piece.slots[0].begin : piece.content + 1,
                    is_kept(0) ? joined + comma : joined);
}

/// Behind the child in front of the place. If that one goes, so does its comma, and the one before it stays.
void Planner::add_behind(const Piece& piece, const Children& children, bool is_before_kept) {
    const Slot& before = piece.slots[children.insert_at - 1];
    const std::size_t there = comma_behind(piece, children.insert_at - 1);
    const bool has_comma = there != std::string_view::npos;
    const std::size_t end = has_comma ? there + 1 : before.piece.end;
    const bool has_own_line = lines_.is_first_on_line(before.begin) && lines_.ends_here(end) &&
                              lines_.begin_of(before.begin) > lines_.begin_of(piece.content);
    std::string lead = is_tight(piece) ? "" : " ";
    if (has_own_line) {
        const std::size_t line = lines_.begin_of(before.begin);
        lead = lines_.newline() + std::string{text_.substr(line, before.begin - line)};
    }
    if (is_before_kept && !has_comma) {
        changes_.insert(before.piece.end, ",");  // In front of a comment that stands behind it.
    }
    std::string joined = fmt::format("{}", fmt::join(flow_texts(piece, children), "," + lead));
    if (has_own_line || is_before_kept) {
        joined.insert(0, lead);
    }
    const bool needs_comma_behind = is_before_kept && has_comma;
    const std::size_t place = has_own_line     ? lines_.end_of(end)
                              : is_before_kept ? end
                                               : std::size_t{before.piece.end};
    changes_.insert(place, needs_comma_behind ? joined + "," : joined);
}

/// JSON as machines write it: no blank behind the colon.
bool Planner::is_tight(const Piece& piece) const {
    if (syntax_ != Syntax::Json || piece.slots.empty()) {
        return false;
    }
    const Slot& last = piece.slots.back();
    const std::size_t colon = last.key_end == 0 ? std::string_view::npos : text_.find(':', last.key_end);
    if (colon == std::string_view::npos) {
        return piece.slots.size() > 1 && comma_behind(piece, 0) + 1 == piece.slots[1].begin;
    }
    return colon + 1 == last.piece.begin;
}

std::vector<std::string> Planner::flow_texts(const Piece& piece, const Children& children) const {
    const Form form{.syntax = syntax_, .is_flow = true, .is_tight = is_tight(piece)};
    std::vector<std::string> texts;
    for (const Member& member : children.added) {
        texts.push_back(piece.kind == Piece::Kind::Map ? flow_member(member.name, member.value, form)
                                                       : flow_text(member.value, form));
    }
    return texts;
}

}  // namespace quantconf::format
