#pragma once

#include <optional>
#include <string_view>

#include "audit/anchor.hpp"
#include "audit/record.hpp"
#include "audit/row.hpp"
#include "state/database.hpp"

namespace quantconf::audit {

/// mac = HMAC-SHA256(key, mac of the record before | bytes). A record without key uses a key that everybody
/// knows: that proves its place to who sees the next keyed record, and nothing else.
[[nodiscard]] crypto::Mac mac_of(std::string_view key, const crypto::Mac& before, std::string_view bytes);
inline constexpr std::string_view kUnkeyed = "quantconf audit record without key";

/// The end of the chain, where the next record goes.
struct ChainEnd {
    Anchor last;            ///< Zeros if there is no record.
    Seq unsealed_from = 0;  ///< The first of the records without key at the end; 0 if there is none.
};

/// The end as it stands, inside a transaction. Checks the records that it rests on: the newest one and those
/// without key before it. Problem::ChainBroken names the first that is wrong.
[[nodiscard]] Outcome<ChainEnd> read_end(state::Database& database, std::optional<std::string_view> key);

/// Puts a record behind the end; fills in its seq and whether it is keyed.
[[nodiscard]] Outcome<void> add(state::Database& database, std::optional<std::string_view> key,
                                Record& record, ChainEnd& end);

}  // namespace quantconf::audit
