#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "history/version.hpp"
#include "layers/load.hpp"
#include "live/stable_files.hpp"
#include "quantconf/arena.hpp"
#include "quantconf/live.hpp"
#include "quantconf/value.hpp"

namespace quantconf::live {

/// One version as readers see it, with everything that its values point into. Immutable once published.
struct Version {
    VersionLabel label;
    Value root;      ///< Secrets as references; fields that need a restart as they were at the start.
    Value resolved;  ///< The same with the secrets in place of their references.
    std::string canonical;
    std::vector<std::string> pending;  ///< Paths whose new value waits for a restart.
    std::shared_ptr<const void> config;
    /// What it was made of: of one that was taken from the history, its own layers in their time.
    std::vector<history::LayerRecord> layers;

    std::shared_ptr<const layers::Candidate> candidate;  ///< What the files say now.
    std::shared_ptr<const layers::Candidate>
        first;  ///< What they said at the start: restart fields point there.
    std::shared_ptr<Arena> arena;

    /// What a forked child goes on with, besides: overrides of the process, and the files that were looked
    /// at.
    std::map<std::string, std::string> process_overrides;
    Fingerprints seen;
};

}  // namespace quantconf::live
