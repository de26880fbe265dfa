#include "audit/row.hpp"

#include <algorithm>

namespace quantconf::audit {

StoredRecord read_row(const state::Statement& statement) {
    StoredRecord stored;
    stored.seq = static_cast<Seq>(statement.number(0));
    stored.bytes = statement.bytes(1);
    const std::string_view mac = statement.bytes(2);
    stored.record = decode(stored.bytes);
    const bool fits = mac.size() == stored.mac.size();
    if (fits) {
        std::ranges::copy(mac, stored.mac.begin());
    }
    if (!fits || (stored.record && stored.record->seq != stored.seq)) {
        stored.record.reset();
    }
    return stored;
}

}  // namespace quantconf::audit
