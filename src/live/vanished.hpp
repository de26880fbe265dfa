#pragma once

#include <string>
#include <vector>

#include "history/version.hpp"
#include "layers/load.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf::live {

/// A layer file that had content in a version, and has none any more.
struct LostLayer {
    std::string layer;  ///< base, environment, local, dotenv or shared.
    /// Whether only somebody's word makes it gone: base, environment, and shared overrides, which are kept
    /// until they are cleared. The others count as removed once they stay gone for a while.
    bool is_required = false;
    Diagnostic report;
};

/// Those of the layers of a version that have no content in `fresh`.
[[nodiscard]] std::vector<LostLayer> lost_layers(const std::vector<history::LayerRecord>& had,
                                                 const layers::Candidate& fresh);

/// Required layers that had content in a version of the history and have none in `fresh`: what a program that
/// has shown that version would refuse, for somebody who has not.
[[nodiscard]] Diagnostics vanished_since(const history::VersionRecord& version,
                                         const layers::Candidate& fresh);

}  // namespace quantconf::live
