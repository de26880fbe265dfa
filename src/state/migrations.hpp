#pragma once

#include <span>
#include <string_view>

namespace quantconf::state {

/// Every table of state.db. Entry n takes a database from user_version n to n + 1, in one transaction.
/// Entries are never changed or removed, only added: databases out there were made by them.
[[nodiscard]] std::span<const std::string_view> migrations();

/// The database's application_id: tells state.db from the database of another program. "QCST".
inline constexpr int kApplicationId = 0x51435354;

}  // namespace quantconf::state
