#include "audit/proved_changes.hpp"

#include <map>
#include <utility>

#include "audit/chain.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::audit {
namespace {

Outcome<StoredRecord> next_row(state::Statement& rows) {
    QC_TRY(const bool has_row, rows.step());
    return has_row ? read_row(rows) : StoredRecord{};
}

bool is_proved(const StoredRecord& stored, const StoredRecord& before, std::optional<std::string_view> key) {
    if (!stored.record || !stored.record->is_keyed) {
        return false;
    }
    return !key || (before.seq + 1 == stored.seq &&
                    crypto::equal_in_constant_time(crypto::view_of(mac_of(*key, before.mac, stored.bytes)),
                                                   crypto::view_of(stored.mac)));
}

}  // namespace

Outcome<void> walk_proved_intents(state::Database& database, std::optional<std::string_view> key,
                                  const std::function<bool(const ProvedIntent&)>& visit) {
    QC_TRY(state::Statement rows, database.prepare("SELECT seq, record, mac FROM audit ORDER BY seq DESC"));
    std::map<Seq, Result> results;
    QC_TRY(StoredRecord at, next_row(rows));
    while (at.seq != 0) {
        QC_TRY(StoredRecord before, next_row(rows));
        if (is_proved(at, before, key)) {
            Record& record = *at.record;
            if (record.phase == Phase::Result) {
                results.emplace(record.refers_to, record.result);
            } else if (record.phase == Phase::Intent) {
                const auto found = results.find(at.seq);
                const auto result = found == results.end() ? std::nullopt : std::optional{found->second};
                if (!visit({.seq = at.seq, .record = std::move(record), .result = result})) {
                    return {};
                }
            }
        }
        at = std::move(before);
    }
    return {};
}

}  // namespace quantconf::audit
