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

Lines::Lines(std::string_view text) : text_{text}, first_{text_begin(text)}, newline_{first_newline(text)} {
    begins_.push_back(static_cast<std::uint32_t>(first_));
    for (std::size_t at = text.find_first_of(kLineEnds, first_); at != std::string_view::npos;
         at = text.find_first_of(kLineEnds, at)) {
        at += text.substr(at, 2) == kLineEnds ? 2U : 1U;
        begins_.push_back(static_cast<std::uint32_t>(at));
    }
}

std::size_t Lines::line_of(std::size_t at) const {
    const auto next = std::ranges::upper_bound(begins_, at);
    return next == begins_.begin() ? 0 : static_cast<std::size_t>(next - begins_.begin()) - 1;
}

std::size_t Lines::newline_before(std::size_t begin) const {
    QC_ASSERT(begin > first_);
    const bool is_pair = begin >= first_ + 2 && text_.substr(begin - 2, 2) == kLineEnds;
    return begin - (is_pair ? 2 : 1);
}

std::size_t Lines::begin_of(std::size_t at) const {
    return begins_[line_of(at)];
}

std::size_t Lines::end_of(std::size_t at) const {
    const std::size_t next = line_of(at) + 1;
    return next < begins_.size() ? std::max(at, newline_before(begins_[next])) : text_.size();
}

std::size_t Lines::next_after(std::size_t at) const {
    const std::size_t next = line_of(at) + 1;
    return next < begins_.size() ? begins_[next] : text_.size();
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
