#include "fuzz/archive.hpp"

namespace quantconf::fuzz {
namespace {

/// Takes the first line, with its line ending, off the front of `rest`.
std::string_view take_line(std::string_view& rest) {
    const std::size_t newline = rest.find('\n');
    const std::string_view line = rest.substr(0, newline == std::string_view::npos ? newline : newline + 1);
    rest.remove_prefix(line.size());
    return line;
}

/// "local.yaml" of "-- local.yaml --\n"; empty for any other line.
std::string_view name_in(std::string_view line) {
    constexpr std::string_view kBegin = "-- ";
    constexpr std::string_view kEnd = " --\n";
    if (line.size() <= kBegin.size() + kEnd.size() || !line.starts_with(kBegin) || !line.ends_with(kEnd)) {
        return {};
    }
    return line.substr(kBegin.size(), line.size() - kBegin.size() - kEnd.size());
}

}  // namespace

std::vector<Part> split(std::string_view input) {
    std::vector<Part> parts = {{"base.yaml", ""}};
    while (!input.empty()) {
        const std::string_view line = take_line(input);
        const std::string_view name = name_in(line);
        if (name.empty()) {
            parts.back().text += line;
        } else {
            parts.push_back({std::string{name}, ""});
        }
    }
    if (parts.front().text.empty() && parts.size() > 1) {
        parts.erase(parts.begin());
    }
    return parts;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        std::string_view line = take_line(text);
        if (line.ends_with('\n')) {
            line.remove_suffix(1);
        }
        lines.emplace_back(line);
    }
    return lines;
}

}  // namespace quantconf::fuzz
