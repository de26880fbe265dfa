#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "quantconf/error.hpp"
#include "quantconf/live.hpp"
#include "state/database.hpp"

namespace quantconf::history {

/// Versions that `retention` does not keep, as they were found without a lock.
struct Forgettable {
    std::vector<std::int64_t> versions = {};  ///< Lowest first.
    std::int64_t known = 0;                   ///< The newest version there was.
};

[[nodiscard]] Outcome<Forgettable> find_forgettable(state::Database& database, const Retention& retention,
                                                    Time now);

/// Forgets those of `versions` that are not in use now, in one transaction; how many that were. None if a
/// rollback was recorded behind `known`: what it needs has to be found out again.
[[nodiscard]] Outcome<std::size_t> forget_versions(state::Database& database,
                                                   std::span<const std::int64_t> versions,
                                                   std::int64_t known);

/// Forgets publications of processes that have ended, but the newest `kept` of all, and processes that have
/// none.
[[nodiscard]] Outcome<void> forget_publications(state::Database& database, std::size_t kept);

}  // namespace quantconf::history
