#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/anchor.hpp"
#include "audit/record.hpp"
#include "audit/row.hpp"
#include "state/database.hpp"

namespace quantconf::audit {

/// Which records. Empty means all.
struct Filter {
    std::optional<Time> since = {};
    std::string action = {};  ///< "secret.set", or "secret." for all of them.
    std::string target = {};  ///< "secret:polygon_key", or "polygon_key" alone.
    std::size_t limit = 0;    ///< The newest ones; 0: all.
};

/// The records that match, oldest first. An intent has the result that came later, or Unfinished; its result
/// is not listed a second time. Bytes that are not a record's match always: nothing hides by being damaged.
[[nodiscard]] Outcome<std::vector<StoredRecord>> read(state::Database& database, const Filter& filter);

/// The records one by one, newest first, joined as read() does. `visit` says whether it wants another one.
[[nodiscard]] Outcome<void> walk_back(state::Database& database,
                                      const std::function<bool(const StoredRecord& stored)>& visit);

/// Whether the record that an anchor remembers is still there, byte for byte; true for the anchor of an empty
/// log.
[[nodiscard]] Outcome<bool> contains(state::Database& database, const Anchor& anchor);

/// Every record that matches as one line of JSON, oldest first, intents and results apart. `write` may stop
/// it with an Error. docs/formats.md has the members.
[[nodiscard]] Outcome<void> export_lines(state::Database& database, const Filter& filter,
                                         const std::function<Outcome<void>(std::string_view line)>& write);

/// The line alone, without its newline. Everything in it is visible text.
[[nodiscard]] std::string to_json_line(const StoredRecord& stored);

}  // namespace quantconf::audit
