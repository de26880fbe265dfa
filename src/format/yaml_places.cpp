#include "format/yaml_places.hpp"

#include <algorithm>

namespace quantconf::format {
namespace {

std::size_t first_of(std::string_view text, std::string_view set, std::size_t at) {
    return std::min(text.find_first_of(set, at), text.size());
}

std::size_t first_not_of(std::string_view text, std::string_view set, std::size_t at) {
    return std::min(text.find_first_not_of(set, at), text.size());
}

/// Behind blanks, line ends and comments.
std::size_t skip_gap(std::string_view text, std::size_t at) {
    at = first_not_of(text, " \t\r\n", at);
    while (at < text.size() && text[at] == '#') {
        at = first_not_of(text, " \t\r\n", first_of(text, "\r\n", at));
    }
    return at;
}

}  // namespace

std::uint32_t content_begin(std::string_view text, std::uint32_t begin) {
    std::size_t at = begin;
    while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
        at = skip_gap(text, first_of(text, " \t\r\n", at));
    }
    return static_cast<std::uint32_t>(at);
}

std::uint32_t anchor_end(std::string_view text, std::uint32_t begin, std::string_view name) {
    return static_cast<std::uint32_t>(text.find('&', begin) + 1 + name.size());
}

Span behind_colon(std::string_view text, std::uint32_t key_end) {
    const std::size_t colon = first_not_of(text, " \t", key_end);
    const bool is_colon = colon < text.size() && text[colon] == ':';
    const std::uint32_t behind = is_colon ? static_cast<std::uint32_t>(colon + 1) : key_end;
    return {behind, behind};
}

}  // namespace quantconf::format
