#pragma once

#include <optional>

#include "audit/anchor.hpp"
#include "audit/record.hpp"
#include "state/statement.hpp"

namespace quantconf::audit {

/// One record as it stands in the database.
struct StoredRecord {
    Seq seq = 0;                   ///< Where it stands.
    std::optional<Record> record;  ///< Nothing if its bytes are not those of a record for this place.
    std::string bytes;             ///< What the MAC covers.
    crypto::Mac mac{};
};

/// The row that a statement stands on: seq, record, mac.
[[nodiscard]] StoredRecord read_row(const state::Statement& statement);

}  // namespace quantconf::audit
