#include "audit/open_intents.hpp"

#include <limits>
#include <set>
#include <utility>

#include "audit/row.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::audit {
namespace {

/// The numbers in the index as SQLite has them: anything.
Outcome<std::vector<std::int64_t>> entries(state::Database& database) {
    QC_TRY(state::Statement rows, database.prepare("SELECT seq FROM audit_open ORDER BY seq"));
    std::vector<std::int64_t> found;
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return found;
        }
        found.push_back(rows.number(0));
    }
}

}  // namespace

Outcome<bool> is_unfinished(state::Database& database, Seq seq) {
    if (seq > static_cast<Seq>(std::numeric_limits<std::int64_t>::max())) {
        return false;
    }
    // From the intent on: its result stands behind it, mostly as the next record.
    QC_TRY(state::Statement rows,
           database.prepare("SELECT seq, record, mac FROM audit WHERE seq >= ? ORDER BY seq"));
    rows.bind(1, static_cast<std::int64_t>(seq));
    for (bool is_first = true;; is_first = false) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return !is_first;
        }
        const StoredRecord stored = read_row(rows);
        if (is_first && (stored.seq != seq || !stored.record || stored.record->phase != Phase::Intent)) {
            return false;
        }
        if (stored.record && stored.record->phase == Phase::Result && stored.record->refers_to == seq) {
            return false;
        }
    }
}

Outcome<std::vector<Seq>> find_unfinished(state::Database& database, Seq from) {
    std::set<Seq> unfinished;
    QC_TRY(const auto listed, entries(database));
    for (const std::int64_t entry : listed) {
        if (entry > 0 && std::cmp_less(entry, from)) {
            QC_TRY(const bool is_open, is_unfinished(database, static_cast<Seq>(entry)));
            if (is_open) {
                unfinished.insert(static_cast<Seq>(entry));
            }
        }
    }
    QC_TRY(state::Statement rows,
           database.prepare("SELECT seq, record, mac FROM audit WHERE seq >= ? ORDER BY seq"));
    rows.bind(1, static_cast<std::int64_t>(from));
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return std::vector<Seq>(unfinished.begin(), unfinished.end());
        }
        const StoredRecord stored = read_row(rows);
        if (stored.record && stored.record->phase == Phase::Intent) {
            unfinished.insert(stored.seq);
        } else if (stored.record && stored.record->phase == Phase::Result) {
            unfinished.erase(stored.record->refers_to);
        }
    }
}

Outcome<bool> has_entries(state::Database& database) {
    QC_TRY(state::Statement rows, database.prepare("SELECT 1 FROM audit_open LIMIT 1"));
    return rows.step();
}

Outcome<void> drop_wrong_entries(state::Database& database) {
    QC_TRY(const auto listed, entries(database));
    QC_TRY(state::Statement drop, database.prepare("DELETE FROM audit_open WHERE seq = ?"));
    for (const std::int64_t entry : listed) {
        QC_TRY(const bool is_open, entry > 0 ? is_unfinished(database, static_cast<Seq>(entry)) : false);
        if (is_open) {
            continue;
        }
        if (Outcome<void> dropped = drop.bind(1, entry).run(); !dropped) {
            return dropped;
        }
    }
    return {};
}

}  // namespace quantconf::audit
