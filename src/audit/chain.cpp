#include "audit/chain.hpp"

#include <fmt/format.h>

#include "audit/problem.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::audit {
namespace {

std::unexpected<Error> broken_at(const state::Database& database, Seq seq) {
    return std::unexpected{
        Error{.operation = "trust the audit log in",
              .subject = database.path().string(),
              .cause = make_error_code(Problem::ChainBroken),
              .hint = fmt::format("record {} is missing or was changed, so nothing is recorded behind it; "
                                  "`quantconf audit verify` says more",
                                  seq)}};
}

/// The next row that a statement gives, newest first; seq 0 before the first record.
Outcome<StoredRecord> next_row(state::Statement& rows) {
    QC_TRY(const bool has_row, rows.step());
    return has_row ? read_row(rows) : StoredRecord{};
}

/// Whether a record is what its writer wrote, as far as the key at hand can tell.
bool is_right(const StoredRecord& stored, const StoredRecord& before, std::optional<std::string_view> key) {
    if (!stored.record || before.seq + 1 != stored.seq) {
        return false;
    }
    if (stored.record->is_keyed && !key) {
        return true;
    }
    const crypto::Mac expected = mac_of(stored.record->is_keyed ? *key : kUnkeyed, before.mac, stored.bytes);
    return crypto::equal_in_constant_time(crypto::view_of(expected), crypto::view_of(stored.mac));
}

}  // namespace

crypto::Mac mac_of(std::string_view key, const crypto::Mac& before, std::string_view bytes) {
    return crypto::hmac_sha256(key, {crypto::view_of(before), bytes});
}

Outcome<ChainEnd> read_end(state::Database& database, std::optional<std::string_view> key) {
    QC_TRY(state::Statement rows, database.prepare("SELECT seq, record, mac FROM audit ORDER BY seq DESC"));
    QC_TRY(StoredRecord at, next_row(rows));
    ChainEnd end{.last = {.seq = at.seq, .mac = at.mac}};
    while (at.seq != 0) {
        QC_TRY(StoredRecord before, next_row(rows));
        if (!is_right(at, before, key)) {
            return broken_at(database, at.seq);
        }
        if (at.record->is_keyed) {
            break;
        }
        end.unsealed_from = at.seq;
        if (!key) {
            break;  // Who cannot seal needs no more than the last one.
        }
        at = std::move(before);
    }
    return end;
}

Outcome<void> add(state::Database& database, std::optional<std::string_view> key, Record& record,
                  ChainEnd& end) {
    record.seq = end.last.seq + 1;
    record.is_keyed = key.has_value();
    const std::string bytes = encode(record);
    const crypto::Mac mac = mac_of(key.value_or(kUnkeyed), end.last.mac, bytes);
    QC_TRY(state::Statement insert, database.prepare("INSERT INTO audit(seq, record, mac) VALUES(?, ?, ?)"));
    insert.bind(1, static_cast<std::int64_t>(record.seq))
        .bind_blob(2, bytes)
        .bind_blob(3, crypto::view_of(mac));
    if (Outcome<void> inserted = insert.run(); !inserted) {
        return inserted;
    }
    end = {.last = {.seq = record.seq, .mac = mac}};
    return {};
}

}  // namespace quantconf::audit
