#include "format/conceal.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace quantconf::format {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

std::size_t skip(std::string_view line, std::size_t at, std::string_view characters) {
    return std::min(line.find_first_not_of(characters, at), line.size());
}

/// Length of indentation, list markers and `key:` at the start of a line. Only a plain name counts as a key.
std::size_t visible_prefix(std::string_view line) {
    std::size_t at = skip(line, 0, kBlanks);
    while (line.substr(at).starts_with("- ")) {
        at = skip(line, at + 1, kBlanks);
    }
    std::size_t key_end = at;
    const char quote = at < line.size() ? line[at] : ' ';
    if (quote == '"' || quote == '\'') {
        key_end = skip(line, at + 1, kNameCharacters);
        key_end = key_end < line.size() && line[key_end] == quote ? key_end + 1 : at;
    } else {
        key_end = skip(line, at, kNameCharacters);
    }
    const std::size_t colon = skip(line, key_end, kBlanks);
    const bool is_key = key_end > at && colon < line.size() && line[colon] == ':' &&
                        (colon + 1 == line.size() || kBlanks.contains(line[colon + 1]) || quote == '"');
    return is_key ? skip(line, colon + 1, kBlanks) : at;
}

}  // namespace

std::optional<LineConcealer::Line> LineConcealer::new_line_at(std::uint32_t offset) {
    const std::string_view text = source_.text();
    const auto at = static_cast<std::uint32_t>(std::min<std::size_t>(offset, text.size()));
    const auto after = lines_.upper_bound(at);
    if (after != lines_.begin() && std::prev(after)->second >= at) {
        return std::nullopt;
    }
    const std::size_t before = at == 0 ? std::string_view::npos : text.find_last_of("\r\n", at - 1);
    const Line line{.begin = before == std::string_view::npos ? 0 : static_cast<std::uint32_t>(before + 1),
                    .end = static_cast<std::uint32_t>(std::min(text.find_first_of("\r\n", at), text.size()))};
    lines_.emplace(line.begin, line.end);
    return line;
}

void LineConcealer::conceal_value_at(std::uint32_t offset) {
    if (const auto line = new_line_at(offset)) {
        const std::string_view text = source_.text().substr(line->begin, line->end - line->begin);
        source_.conceal(line->begin + static_cast<std::uint32_t>(visible_prefix(text)), line->end);
    }
}

void LineConcealer::conceal_line_at(std::uint32_t offset) {
    if (const auto line = new_line_at(offset)) {
        const std::string_view text = source_.text().substr(line->begin, line->end - line->begin);
        source_.conceal(line->begin + static_cast<std::uint32_t>(skip(text, 0, kBlanks)), line->end);
    }
}

}  // namespace quantconf::format
