#include "schema/base_url.hpp"

#include <algorithm>

#include "schema/url.hpp"

namespace quantconf::schema {

namespace {

/// "." or "..", where "%2e" is a point.
bool is_dot_segment(std::string_view segment) {
    std::size_t points = 0;
    while (!segment.empty()) {
        const bool is_escape = segment.starts_with("%2e") || segment.starts_with("%2E");
        if (!is_escape && !segment.starts_with('.')) {
            return false;
        }
        segment.remove_prefix(is_escape ? 3 : 1);
        ++points;
    }
    return points == 1 || points == 2;
}

bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        if (is_dot_segment(path.substr(0, end))) {
            return true;
        }
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return false;
}

}  // namespace

std::string_view why_no_endpoint(std::string_view url, UrlUse use) {
    const auto parsed = parse_url(url);
    if (!parsed) {
        return "it is no address";
    }
    if (parsed->host.ends_with('.')) {
        return "its host ends with a point";
    }
    if (url.contains('#')) {
        return "it has a fragment (#), which is never sent";
    }
    const std::size_t query = url.find('?');
    if (query != std::string_view::npos && use == UrlUse::Base) {
        return "it has a query (?), to which no path can be joined";
    }
    const std::string_view behind = url.substr(url.find("://") + 3);
    const std::string_view path = behind.substr(0, behind.find('?'));
    if (has_dot_segment(path.substr(std::min(path.find('/'), path.size())))) {
        return "its path has . or .. as a part";
    }
    return {};
}

}  // namespace quantconf::schema
