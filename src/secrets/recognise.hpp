#pragma once

#include <string>

#include "quantconf/error.hpp"
#include "secrets/store_file.hpp"
#include "state/database.hpp"

namespace quantconf::secrets {

/// The store's own name for itself, which stands in the clear: it decides which key is looked for. What was
/// found proves nothing before that key has opened it. Problem::StoreMissing if there is no store.
[[nodiscard]] Outcome<std::string> read_uuid(StoreFile& file);

/// Whether the log of a state.db is that of a store: a store begins with a record that has its key. Without
/// any, there never was a store, or somebody has put an empty log there. What was recorded without the key
/// proves nothing.
[[nodiscard]] Outcome<bool> has_keyed_record(state::Database& database);

}  // namespace quantconf::secrets
