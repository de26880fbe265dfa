#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "apps/quantconf/session.hpp"
#include "layers/explain.hpp"
#include "quantconf/live.hpp"

namespace quantconf::app {

/// What `set` and `rollback` have to say about a change that was made, or would be.
struct MadeChange {
    std::string_view action = {};  ///< "set", "rollback".
    bool dry_run = false;
    VersionLabel version = {};
    std::optional<VersionNumber> rolled_back_to = {};
    std::vector<layers::Change> changes = {};
    bool is_written = false;  ///< A file has another text now, also where nothing effective has changed.
    /// Where the values stand now; nothing: nobody can say yet.
    const layers::Candidate* after = nullptr;
    const layers::Candidate* before = nullptr;  ///< Where what is gone stood.
    std::vector<std::string> pending = {};
    /// Whose processes read the files that were changed; nothing: those of every environment.
    std::optional<Environment> readers = {};
};

/// Prints it, as text or JSON; the exit code.
int print_change(const Session& session, const MadeChange& change);

}  // namespace quantconf::app
