#include "live/change_note.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace quantconf::live {
namespace {

/// Up to the next line; the rest stays in `text`.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::string on_one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

}  // namespace

std::string note_of(const ChangeRequest& request) {
    return fmt::format("{}\n{}\n{}\n{}", history::to_text(request.kind), request.rolled_back_to,
                       on_one_line(request.author), request.reason);
}

std::optional<ChangeRequest> parse_note(std::string_view note) {
    const auto kind = history::parse_kind(take_line(note));
    const std::string_view number = take_line(note);
    ChangeRequest request;
    const auto [end, why] =
        std::from_chars(number.data(), number.data() + number.size(), request.rolled_back_to);
    if (!kind || why != std::errc{} || end != number.data() + number.size()) {
        return std::nullopt;
    }
    request.kind = *kind;
    request.author = take_line(note);
    request.reason = note;
    return request;
}

}  // namespace quantconf::live
