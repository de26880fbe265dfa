#include "apps/quantconf/text_layout.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace quantconf::app {
namespace {

/// Where the second column of a line begins, else where the line itself does.
std::size_t indentation_of(std::string_view line) {
    const std::size_t first = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t gap = line.find("  ", first);
    return first == 0 || gap == std::string_view::npos ? first : line.find_first_not_of(' ', gap);
}

/// One line, without its end. Our texts are ASCII: a byte is a column.
std::string wrapped_line(std::string_view line) {
    const std::size_t indentation = indentation_of(line);
    std::string lines{line.substr(0, indentation)};
    std::string_view rest = line.substr(indentation);
    while (indentation + rest.size() > kColumns) {
        std::size_t end = rest.rfind(' ', kColumns - indentation);
        if (end == std::string_view::npos) {
            end = std::min(rest.find(' '), rest.size());
        }
        lines += rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!rest.empty()) {
            lines += fmt::format("\n{:{}}", "", indentation);
        }
    }
    return lines.append(rest);
}

}  // namespace

std::string wrapped(std::string_view text) {
    std::string lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines += wrapped_line(text.substr(0, end)) + "\n";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string two_columns(const std::vector<std::pair<std::string, std::string>>& rows, std::size_t width) {
    for (const auto& [word, text] : rows) {
        width = std::max(width, word.size());
    }
    std::string lines;
    for (const auto& [word, text] : rows) {
        lines += fmt::format("  {:<{}}  {}\n", word, width, text);
    }
    return wrapped(lines);
}

}  // namespace quantconf::app
