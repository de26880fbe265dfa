#include "sources/fill.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "net/url.hpp"

namespace quantconf::sources {

namespace {

constexpr std::string_view kPost = "POST ";

}  // namespace

std::expected<std::string, std::string> path_for(
    const Source& source, std::string_view capability,
    const std::vector<std::pair<std::string, std::string>>& parameters) {
    const auto known = source.capabilities.find(std::string{capability});
    if (known == source.capabilities.end()) {
        return std::unexpected{fmt::format("nobody knows how to ask {} for {}", source.title, capability)};
    }
    if (known->second.starts_with(kPost)) {
        return std::unexpected{fmt::format("{} has to be told more than {}: ask it by itself, with a body",
                                           source.title, capability)};
    }
    std::string_view rest = known->second;
    std::string path;
    for (std::size_t open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
        const std::size_t close = rest.find('}', open);
        if (close == std::string_view::npos) {
            break;
        }
        const std::string_view name = rest.substr(open + 1, close - open - 1);
        const auto value = std::ranges::find(parameters, name, &std::pair<std::string, std::string>::first);
        if (value == parameters.end()) {
            return std::unexpected{fmt::format("{} needs to know {}", source.title, name)};
        }
        path += rest.substr(0, open);
        path += net::percent_encoded(value->second);
        rest.remove_prefix(close + 1);
    }
    path += rest;
    return path;
}

}  // namespace quantconf::sources
