#include "history/shown_text.hpp"

#include "base/utf8.hpp"

namespace quantconf::history {

std::string shown_text(std::string_view text, std::size_t limit) {
    constexpr std::string_view kMark = "...";
    // No character gets shorter by being escaped: what lies beyond the limit is cut off before the work.
    std::string shown = escaped(text.substr(0, limit + 1));
    if (shown.size() > limit) {
        std::size_t length = limit - kMark.size();
        while (length > 0 && !begins_code_point(shown[length])) {
            --length;
        }
        shown.resize(length);
        shown += kMark;
    }
    return shown;
}

std::string shown_line(std::string_view text, std::size_t limit) {
    return shown_text(text.substr(0, text.find_first_of("\r\n")), limit);
}

}  // namespace quantconf::history
