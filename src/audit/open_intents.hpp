#pragma once

#include <vector>

#include "audit/record.hpp"
#include "quantconf/error.hpp"
#include "state/database.hpp"

namespace quantconf::audit {

// The chain says which intents have no result. The table audit_open is an index of them: whoever can write
// the file can put anything into it or take anything out, so nothing in it is believed.

/// Whether this is an intent, and the chain has no result for it.
[[nodiscard]] Outcome<bool> is_unfinished(state::Database& database, Seq seq);

/// Those among the records from `from` on, and those before that the index names. Oldest first.
[[nodiscard]] Outcome<std::vector<Seq>> find_unfinished(state::Database& database, Seq from);

/// Whether the index has any entry.
[[nodiscard]] Outcome<bool> has_entries(state::Database& database);

/// Takes every entry out of the index that is no unfinished intent. Inside a transaction.
[[nodiscard]] Outcome<void> drop_wrong_entries(state::Database& database);

}  // namespace quantconf::audit
