#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/source.hpp"

namespace quantconf::sources {

/// The path that asks a source for a capability: "/quote?symbol={symbol}" with what the caller wants to know
/// in its places, encoded. Otherwise why there is none, for people: the source has no such data, a value
/// is missing, or a body is needed. Values without a place are left out: another source of the group may need
/// them.
[[nodiscard]] std::expected<std::string, std::string> path_for(
    const Source& source, std::string_view capability,
    const std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace quantconf::sources
