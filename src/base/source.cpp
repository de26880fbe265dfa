#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "base/secret_lines.hpp"
#include "base/utf8.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf {
namespace {

/// Bytes between two entries of Index::block_code_points: columns stay cheap in a file of one endless line.
constexpr std::uint32_t kBlockBytes = 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::uint32_t size_of(std::string_view text) {
    return static_cast<std::uint32_t>(text.size());
}

/// "\n", "\r\n" and a lone "\r" end a line.
bool ends_line(std::string_view text, std::size_t at) {
    return text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n'));
}

}  // namespace

Source::Source(Kind kind, std::string layer, std::string name, std::string text)
    : kind_{kind}, layer_{std::move(layer)}, name_{std::move(name)}, text_{std::move(text)} {
    QC_ASSERT(text_.size() < UINT32_MAX);
}

std::shared_ptr<Source> Source::make(Kind kind, std::string layer, std::string name, std::string text) {
    return std::shared_ptr<Source>{new Source{kind, std::move(layer), std::move(name), std::move(text)}};
}

const Source::Index& Source::index() const {
    std::call_once(index_once_, [this] {
        // The byte order mark belongs to no line: the first one begins behind it.
        index_.line_starts.push_back(text_.starts_with(kByteOrderMark) ? size_of(kByteOrderMark) : 0);
        std::uint32_t code_points = 0;
        for (std::uint32_t at = 0; at < size_of(text_); ++at) {
            if (at % kBlockBytes == 0) {
                index_.block_code_points.push_back(code_points);
            }
            code_points += begins_code_point(text_[at]) ? 1U : 0U;
            if (ends_line(text_, at)) {
                index_.line_starts.push_back(at + 1);
            }
        }
        index_.block_code_points.push_back(code_points);  // For the end of a text of whole blocks.
    });
    return index_;
}

std::uint32_t Source::code_points_before(std::uint32_t offset) const {
    const std::uint32_t block = offset / kBlockBytes;
    const std::uint32_t begin = block * kBlockBytes;
    return index().block_code_points[block] + count_code_points(text().substr(begin, offset - begin));
}

Position Source::position(std::uint32_t offset) const {
    const std::vector<std::uint32_t>& starts = index().line_starts;
    const std::uint32_t at = std::clamp(offset, starts.front(), std::max(size_of(text_), starts.front()));
    const auto next = std::ranges::upper_bound(starts, at);
    const auto line = static_cast<std::uint32_t>(next - starts.begin());
    return {.line = line, .column = code_points_before(at) - code_points_before(*std::prev(next)) + 1};
}

void Source::conceal(std::uint32_t begin, std::uint32_t end) {
    if (begin < end) {
        concealed_.push_back({begin, end});
    }
}

bool Source::conceals(std::uint32_t begin, std::uint32_t end) const {
    std::call_once(joined_once_, [this] {
        std::vector<Concealed> sorted = concealed_;
        std::ranges::sort(sorted, {}, &Concealed::begin);
        for (const Concealed& range : sorted) {
            if (joined_.empty() || range.begin > joined_.back().end) {
                joined_.push_back(range);
            } else {
                joined_.back().end = std::max(joined_.back().end, range.end);
            }
        }
    });
    const auto first = std::ranges::upper_bound(joined_, begin, {}, &Concealed::end);
    return first != joined_.end() && first->begin < end;
}

const std::vector<Source::Concealed>& Source::suspected() const {
    std::call_once(suspected_once_, [this] {
        for (const ByteRange& range : suspected_secrets(*this)) {
            suspected_.push_back({range.begin, range.end});
        }
    });
    return suspected_;
}

Position Origin::position() const {
    return source == nullptr ? Position{} : source->position(begin);
}

}  // namespace quantconf
