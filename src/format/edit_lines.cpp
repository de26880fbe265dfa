#include "format/edit_lines.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "format/text_check.hpp"

namespace quantconf::format {
namespace {

constexpr std::string_view kLineEnds = "\r\n";
constexpr std::string_view kBlanks = " \t";

std::string first_newline(std::string_view text) {
    const std::size_t at = text.find_first_of(kLineEnds);
    if (at == std::string_view::npos) {
        return "\n";
    }
    return std::string{text.substr(at, text.substr(at).starts_with(kLineEnds) ? 2 : 1)};
}

}  // namespace

Lines::Lines(std::string_view text) : text_{text}, first_{text_begin(text)}, newline_{first_newline(text)} {}

std::size_t Lines::newline_before(std::size_t begin) const {
    QC_ASSERT(begin > first_);
    return begin - (text_.substr(0, begin).ends_with(kLineEnds) ? 2 : 1);
}

std::size_t Lines::begin_of(std::size_t at) const {
    const std::size_t before = at == 0 ? std::string_view::npos : text_.find_last_of(kLineEnds, at - 1);
    return before == std::string_view::npos ? first_ : before + 1;
}

std::size_t Lines::end_of(std::size_t at) const {
    return std::min(text_.find_first_of(kLineEnds, at), text_.size());
}

std::size_t Lines::next_after(std::size_t at) const {
    const std::size_t end = end_of(at);
    if (end == text_.size()) {
        return end;
    }
    return end + (text_.substr(end).starts_with(kLineEnds) ? 2 : 1);
}

std::size_t Lines::skip_blanks(std::size_t at) const {
    return std::min(text_.find_first_not_of(kBlanks, at), text_.size());
}

bool Lines::is_first_on_line(std::size_t at) const {
    return skip_blanks(begin_of(at)) >= at;
}

bool Lines::is_blank(std::size_t at) const {
    return skip_blanks(begin_of(at)) == end_of(at);
}

bool Lines::is_comment(std::size_t at) const {
    const std::size_t first = skip_blanks(begin_of(at));
    return first < text_.size() && text_[first] == '#';
}

bool Lines::ends_here(std::size_t at) const {
    const std::size_t next = skip_blanks(at);
    return next == end_of(at) || text_[next] == '#';
}

bool Lines::is_open() const {
    return text_.size() > first_ && !kLineEnds.contains(text_.back());
}

}  // namespace quantconf::format
