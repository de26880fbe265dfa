#include "format/edit_changes.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace quantconf::format {

void Changes::replace(std::size_t begin, std::size_t end, std::string text) {
    QC_ASSERT(begin <= end);
    if (begin != end || !text.empty()) {
        changes_.push_back({.begin = begin, .end = end, .text = std::move(text)});
    }
}

std::string Changes::apply(std::string_view text) const {
    std::vector<const Change*> sorted;
    sorted.reserve(changes_.size());
    std::size_t size = text.size();
    for (const Change& change : changes_) {
        sorted.push_back(&change);
        size += change.text.size();
    }
    std::ranges::stable_sort(sorted, {}, &Change::begin);
    std::string result;
    result.reserve(size);
    std::size_t at = 0;
    for (const Change* change : sorted) {
        if (change->begin > at) {
            result += text.substr(at, change->begin - at);
        }
        result += change->text;
        at = std::max(at, change->end);  // Lines that go may lie inside others that go.
    }
    return result += text.substr(at);
}

}  // namespace quantconf::format
