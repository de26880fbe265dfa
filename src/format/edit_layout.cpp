#include "format/edit_layout.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/assert.hpp"
#include "format/edit_lines.hpp"
#include "format/text_check.hpp"
#include "format/yaml_events.hpp"
#include "format/yaml_frame.hpp"
#include "format/yaml_places.hpp"

namespace quantconf::format {
namespace {

using Kind = YamlEvent::Kind;
using value::Style;

/// Behind blanks, line ends and comments.
std::uint32_t skip_gap(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        at = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
        if (at == text.size() || text[at] != '#') {
            break;
        }
        at = std::min(text.find_first_of("\r\n", at), text.size());
    }
    return static_cast<std::uint32_t>(at);
}

/// Reads the events of a document that is known to be fine; places are found as YamlDocument finds them.
class LayoutReader {
public:
    LayoutReader(const Source& source, std::size_t begin)
        : text_{source.text()}, lines_{text_}, events_{text_, begin, std::ranges::all_of(text_, [](char c) {
                                                           return (c & 0x80) == 0;
                                                       })} {}

    Layout read(const Wish& wishes) {
        layout_.end = static_cast<std::uint32_t>(text_.size());
        while (const YamlEvent* event = events_.next()) {
            if (event->kind == Kind::StreamEnd) {
                break;
            }
            if (event->kind == Kind::DocumentEnd) {
                layout_.end = event->end > event->begin ? event->begin : layout_.end;
                break;
            }
            if (event->kind != Kind::Other) {
                layout_.root = read_value(*event, &wishes, nullptr, nullptr);
            }
        }
        return std::move(layout_);
    }

private:
    /// As deep as the document, which has at most limits::kDepth levels.
    Piece read_value(const YamlEvent& event, const Wish* wish, const Piece* parent, const Slot* slot) {
        if (event.kind == Kind::Alias) {
            return read_alias(event);
        }
        Piece piece;
        piece.begin = event.begin;
        piece.content = event.begin;
        piece.has_tag = !event.tag.empty();
        piece.has_anchor = !event.anchor.empty();
        piece.is_flow = parent != nullptr && parent->is_flow;
        if (piece.has_anchor) {
            anchor_of_.insert_or_assign(std::string{event.anchor}, layout_.anchors.size());
            layout_.anchors.push_back({.begin = event.begin});
        }
        if (event.kind == Kind::Scalar) {
            read_scalar(event, slot, piece);
        } else if (event.kind == Kind::OpenMap || event.kind == Kind::OpenList) {
            read_collection(event, wish, piece);
        } else {
            QC_ASSERT(event.kind == Kind::Scalar);
        }
        return piece;
    }

    Piece read_alias(const YamlEvent& event) {
        const auto anchor = anchor_of_.find(std::string{event.anchor});
        QC_ASSERT(anchor != anchor_of_.end());
        layout_.anchors[anchor->second].last_use = event.begin;
        last_end_ = event.end;
        ends_kept_ = false;
        Piece piece;
        piece.kind = Piece::Kind::Alias;
        piece.begin = piece.content = event.begin;
        piece.end = event.end;
        return piece;
    }

    void read_scalar(const YamlEvent& event, const Slot* slot, Piece& piece) {
        const bool is_marked = piece.has_tag || piece.has_anchor;
        const bool is_empty = event.style == Style::Plain && event.text.empty();
        piece.kind = is_empty ? Piece::Kind::Nothing : Piece::Kind::Scalar;
        piece.style = event.style;
        piece.end = event.end;
        ends_kept_ = false;
        if (is_empty && is_marked) {
            piece.content = piece.end;
        } else if (is_empty && slot != nullptr && slot->key_end != 0) {
            piece.begin = piece.content = piece.end = behind_colon(text_, slot->key_end).begin;
        } else if (is_marked) {
            piece.content = content_begin(text_, piece.begin);
        }
        if (piece.is_block_scalar()) {
            piece.end = static_cast<std::uint32_t>(text_.find_last_not_of(" \t\r\n", piece.end - 1) + 1);
            const std::size_t header = std::min(text_.find_first_of(" \t\r\n", piece.content), text_.size());
            ends_kept_ = text_.substr(piece.content, header - piece.content).contains('+');
        }
        last_end_ = piece.end;
        piece.ends_kept = ends_kept_;
    }

    void read_collection(const YamlEvent& event, const Wish* wish, Piece& piece) {
        piece.kind = event.kind == Kind::OpenMap ? Piece::Kind::Map : Piece::Kind::List;
        if (piece.has_tag || piece.has_anchor) {
            piece.content = content_begin(text_, piece.begin);
        }
        piece.is_flow = piece.is_flow || text_[piece.content] == '{' || text_[piece.content] == '[';
        last_end_ = piece.content;
        ends_kept_ = false;
        const bool is_map = piece.kind == Piece::Kind::Map;
        std::uint32_t behind = piece.content;  // The last child.
        while (const YamlEvent* next = events_.next()) {
            if (next->kind == Kind::Close) {
                last_end_ = next->end > next->begin ? next->end : last_end_;
                break;
            }
            Slot slot;
            const Wish* below = wish != nullptr && wish->edit != nullptr ? wish : nullptr;
            if (is_map) {
                next = read_key(*next, slot);
                below = below == nullptr && wish != nullptr ? wish->find(slot.key) : below;
            } else {
                slot.begin = piece.is_flow ? next->begin : skip_gap(text_, behind);
            }
            piece.has_merge = piece.has_merge || slot.is_merge;
            slot.piece = read_value(*next, below, &piece, &slot);
            behind = last_end_;
            const bool is_block_map = slot.piece.kind == Piece::Kind::Map && !slot.piece.is_flow;
            if (is_map && is_block_map) {
                note_step(piece, slot.piece);
            }
            if (wish != nullptr) {
                piece.slots.push_back(std::move(slot));
            }
        }
        piece.end = last_end_;
        piece.ends_kept = ends_kept_;
    }

    /// How far a block map is indented inside another.
    void note_step(Piece& outer, const Piece& inner) {
        const std::size_t from = lines_.column(outer.content);
        const std::size_t to = lines_.column(inner.content);
        outer.step = to > from ? static_cast<std::uint32_t>(to - from) : outer.step;
        layout_.step = layout_.step == 0 ? outer.step : layout_.step;
    }

    /// The key of a pair, which is always a scalar; the event of its value.
    const YamlEvent* read_key(const YamlEvent& event, Slot& slot) {
        QC_ASSERT(event.kind == Kind::Scalar);
        slot.key = event.text;
        slot.is_merge = event.style == Style::Plain && event.text == "<<";
        slot.begin = event.begin;
        slot.key_end = event.end;
        const std::size_t before =
            event.begin == 0 ? std::string_view::npos : text_.find_last_not_of(" \t", event.begin - 1);
        const bool is_explicit = before != std::string_view::npos && text_[before] == '?';
        slot.begin = is_explicit ? static_cast<std::uint32_t>(before) : slot.begin;
        last_end_ = slot.key_end;
        const YamlEvent* value = events_.next();
        QC_ASSERT(value != nullptr);
        return value;
    }

    std::string_view text_;
    Lines lines_;
    YamlEvents events_;
    Layout layout_;
    std::unordered_map<std::string, std::size_t> anchor_of_;
    std::uint32_t last_end_ = 0;
    bool ends_kept_ = false;
};

}  // namespace

Layout yaml_layout(const std::shared_ptr<Source>& source, const Wish& wishes) {
    Report ignored{source};  // The same text has been parsed without errors.
    const std::size_t begin = skip_directives(source->text(), text_begin(source->text()), ignored);
    return LayoutReader{*source, begin}.read(wishes);
}

}  // namespace quantconf::format
