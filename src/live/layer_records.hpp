#pragma once

#include <string>
#include <utility>
#include <vector>

#include "history/version.hpp"
#include "layers/load.hpp"
#include "quantconf/error.hpp"

namespace quantconf::live {

/// What the history remembers of the layers of a version.
[[nodiscard]] std::vector<history::LayerRecord> layer_records(const layers::Candidate& candidate);

/// "polygon_key" -> 3, for each secret that is referred to; 0: nobody has looked it up, or found it.
[[nodiscard]] std::vector<std::pair<std::string, std::uint32_t>> secret_versions(
    const layers::Candidate& candidate);

/// What a subscriber hears that asks for a change.
[[nodiscard]] Error inside_callback(std::string operation);

}  // namespace quantconf::live
