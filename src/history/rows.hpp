#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "history/version.hpp"
#include "state/database.hpp"

/// How our rows are read: state.db can be damaged or edited, so that nothing in it is taken for granted.
namespace quantconf::history {

/// The columns that read_info() expects, from column 0.
inline constexpr std::string_view kInfoColumns =
    "number, hash, environment, at, author, reason, kind, parent, rolled_back_to, changes";
inline constexpr int kInfoColumnCount = 10;

/// The row that a statement stands on. state::Problem::Damaged if it is none of ours.
[[nodiscard]] Outcome<VersionInfo> read_info(state::Database& database, const state::Statement& row);

/// The highest number that was ever given to a version; 0: none.
[[nodiscard]] Outcome<VersionNumber> last_number(state::Database& database);

/// A database that cannot be as we left it.
[[nodiscard]] std::unexpected<Error> damaged(const state::Database& database, std::string_view what,
                                             std::int64_t number);

/// Times as they are stored.
[[nodiscard]] inline std::int64_t microseconds_of(Time time) {
    return time.time_since_epoch().count();
}
[[nodiscard]] inline Time time_of(std::int64_t microseconds) {
    return Time{Time::duration{microseconds}};
}

/// SQLite takes 63 bits. What is beyond them was never given by us.
[[nodiscard]] inline std::int64_t stored(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

/// Bytes that SQLite does not take for NULL when they are none.
[[nodiscard]] inline std::string_view bytes_of(std::string_view text) {
    return text.empty() ? std::string_view{""} : text;
}

}  // namespace quantconf::history
