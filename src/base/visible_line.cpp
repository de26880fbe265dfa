#include <algorithm>
#include <iterator>

#include "base/secret_lines.hpp"
#include "base/utf8.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf {
namespace {

/// Puts a line together from shown and hidden parts, and follows one column through it.
class ShownLine {
public:
    explicit ShownLine(std::uint32_t wanted) : wanted_{wanted} {}

    void show(std::string_view part) {
        const std::uint32_t count = count_code_points(part);
        if (wanted_ >= source_ && wanted_ - source_ < count) {
            found_ = length_ + 1 + wanted_ - source_;
        }
        source_ += count;
        length_ += count;
        text_ += part;
    }

    void hide(std::string_view part) {
        const std::uint32_t count = count_code_points(part);
        if (wanted_ >= source_ && wanted_ - source_ < count) {
            found_ = length_ + 1;
        }
        source_ += count;
        length_ += static_cast<std::uint32_t>(kConcealedText.size());
        text_ += kConcealedText;
    }

    [[nodiscard]] std::string text() && { return std::move(text_); }
    /// Behind the end if the line is shorter than that.
    [[nodiscard]] std::uint32_t column() const { return found_ != 0 ? found_ : length_ + 1; }

private:
    std::uint32_t wanted_;
    std::uint32_t found_ = 0;
    std::uint32_t source_ = 1;
    std::uint32_t length_ = 0;
    std::string text_;
};

}  // namespace

std::string Source::visible_line(std::uint32_t line, std::uint32_t* column) const {
    const std::vector<std::uint32_t>& starts = index().line_starts;
    if (line == 0 || line > starts.size()) {
        return {};
    }
    const auto size = static_cast<std::uint32_t>(text_.size());
    const std::uint32_t begin = std::min(starts[line - 1], size);
    std::uint32_t end = line < starts.size() ? starts[line] : size;
    while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) {
        --end;
    }

    std::vector<Concealed> hidden;
    for (const auto* list : {&concealed_, &suspected()}) {
        // An empty line inside a hidden text is hidden too: its emptiness is part of the secret.
        std::ranges::copy_if(*list, std::back_inserter(hidden), [begin, end](const Concealed& range) {
            return range.begin <= begin ? range.end > begin : range.begin < end;
        });
    }
    std::ranges::sort(hidden, {}, &Concealed::begin);

    ShownLine shown{column == nullptr ? 0 : *column};
    std::uint32_t at = begin;
    for (auto range = hidden.begin(); range != hidden.end();) {
        const std::uint32_t from = std::max(range->begin, at);
        std::uint32_t to = from;
        for (; range != hidden.end() && range->begin <= to;
             ++range) {  // What overlaps or adjoins reads as one.
            to = std::max(to, std::min(range->end, end));
        }
        shown.show(text().substr(at, from - at));
        shown.hide(text().substr(from, to - from));
        at = to;
    }
    shown.show(text().substr(at, end - at));
    if (column != nullptr) {
        *column = shown.column();
    }
    return std::move(shown).text();
}

}  // namespace quantconf
