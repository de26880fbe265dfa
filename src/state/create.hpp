#pragma once

#include "state/database.hpp"

namespace quantconf::state {

/// Puts a new database with all tables under the name `file`, complete or not at all. Fine if another
/// process was faster.
[[nodiscard]] Outcome<void> create_database(const std::filesystem::path& file,
                                            const DatabaseOptions& options);

/// Brings the tables up to date, in one transaction.
[[nodiscard]] Outcome<void> migrate(Connection& connection, std::span<const std::string_view> migrations);

}  // namespace quantconf::state
