#pragma once

#include "base/clock.hpp"
#include "quantconf/error.hpp"
#include "state/database.hpp"

namespace quantconf::history {

/// state::Problem::Damaged unless state.db is whole: for SQLite, and for whoever reads it. A file that SQLite
/// finds whole may have rows that nobody of ours has written, and lack a table that we need. Reads every
/// version; may note that processes have died.
[[nodiscard]] Outcome<void> check_whole(state::Database& database, const Clock& clock);

}  // namespace quantconf::history
