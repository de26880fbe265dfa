#include "schema/base_url.hpp"

#include <algorithm>

#include "base/percent.hpp"
#include "schema/url.hpp"

namespace quantconf::schema {

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
