#include "base/excerpt.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "base/utf8.hpp"

namespace quantconf {
namespace {

constexpr std::size_t kTabStop = 4;
constexpr std::size_t kColumnsBeforeCaret = 60;
constexpr std::string_view kCut = "…";

/// One character as a terminal shows it.
struct Cell {
    std::string text;
    std::size_t width = 0;
};

Cell cell_of(std::string_view line, std::size_t at, const Character& character, std::size_t column) {
    if (line[at] == '\t') {
        const std::size_t width = kTabStop - column % kTabStop;
        return {.text = std::string(width, ' '), .width = width};
    }
    if (!character.is_valid || !is_visible(character.code_point)) {
        std::string escape = escape_of(character, static_cast<unsigned char>(line[at]));
        const std::size_t width = escape.size();
        return {.text = std::move(escape), .width = width};
    }
    return {.text = std::string{line.substr(at, character.length)},
            .width = display_width(character.code_point)};
}

/// The part of a line around the caret. More characters than columns are never needed, whatever the line's
/// length.
struct Window {
    std::vector<Cell> cells;
    std::size_t caret = 0;  ///< Index of the cell that the caret stands under; may be one past the last.
    bool is_cut_before = false;
    bool is_cut_behind = false;
};

std::size_t width_of(const std::vector<Cell>& cells, std::size_t from, std::size_t to) {
    return std::accumulate(cells.begin() + static_cast<std::ptrdiff_t>(from),
                           cells.begin() + static_cast<std::ptrdiff_t>(to), std::size_t{0},
                           [](std::size_t sum, const Cell& cell) { return sum + cell.width; });
}

Window window_around(std::string_view line, std::size_t caret_column) {
    Window window;
    const std::size_t first = caret_column > kExcerptColumns ? caret_column - kExcerptColumns : 1;
    const std::size_t last = caret_column + kExcerptColumns;
    std::size_t at = 0;
    std::size_t width = 0;
    for (std::size_t column = 1; at < line.size() && column <= last; ++column) {
        const Character character = character_at(line, at);
        if (column >= first) {
            window.cells.push_back(cell_of(line, at, character, width));
            width += window.cells.back().width;
        }
        at += character.length;
    }
    window.is_cut_before = first > 1;
    window.is_cut_behind = at < line.size();
    window.caret = std::min(caret_column - first, window.cells.size());
    if (width <= kExcerptColumns) {
        return window;
    }

    std::size_t begin = window.caret;
    for (std::size_t before = 0; begin > 0; --begin) {
        before += window.cells[begin - 1].width;
        if (before > kColumnsBeforeCaret) {
            break;
        }
    }
    std::size_t end = begin;
    for (std::size_t shown = 0; end < window.cells.size(); ++end) {
        shown += window.cells[end].width;
        if (shown > kExcerptColumns) {
            break;
        }
    }
    window.is_cut_before = window.is_cut_before || begin > 0;
    window.is_cut_behind = window.is_cut_behind || end < window.cells.size();
    window.cells.erase(window.cells.begin() + static_cast<std::ptrdiff_t>(end), window.cells.end());
    window.cells.erase(window.cells.begin(), window.cells.begin() + static_cast<std::ptrdiff_t>(begin));
    window.caret -= begin;
    return window;
}

bool is_blank_line(std::string_view line) {
    return line.find_first_not_of(" \t") == std::string_view::npos;
}

/// How many characters the span covers in the shown line; 1 if it ends on another line or is hidden.
std::size_t span_length(const Origin& origin, Position begin, std::uint32_t shown_begin) {
    const Position end = origin.source->position(std::max(origin.begin, origin.end));
    if (end.line != begin.line) {
        return 1;
    }
    std::uint32_t shown_end = end.column;
    (void)origin.source->visible_line(end.line, &shown_end);
    return std::max(shown_end, shown_begin + 1) - shown_begin;
}

}  // namespace

Excerpt excerpt_of(const Origin& origin) {
    if (origin.source == nullptr) {
        return {};
    }
    const Position begin = origin.position();
    std::uint32_t column = begin.column;
    const std::string line = origin.source->visible_line(begin.line, &column);
    if (is_blank_line(line)) {
        return {};
    }
    const Window window = window_around(line, column);
    const std::size_t end = std::min(window.caret + span_length(origin, begin, column), window.cells.size());

    Excerpt excerpt;
    if (origin.source->kind() == Source::Kind::File) {
        excerpt.number = std::to_string(begin.line);
    }
    excerpt.line = window.is_cut_before ? kCut : "";
    for (const Cell& cell : window.cells) {
        excerpt.line += cell.text;
    }
    excerpt.line += window.is_cut_behind ? kCut : "";
    const std::size_t covered = end > window.caret ? width_of(window.cells, window.caret, end) : 1;
    excerpt.marker.assign(width_of(window.cells, 0, window.caret) + (window.is_cut_before ? 1 : 0), ' ');
    excerpt.marker += '^';
    excerpt.marker.append(std::max<std::size_t>(covered, 1) - 1, '~');
    return excerpt;
}

}  // namespace quantconf
