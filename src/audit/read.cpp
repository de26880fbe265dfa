#include "audit/read.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "quantconf/detail/try.hpp"

namespace quantconf::audit {
namespace {

bool matches(const StoredRecord& stored, const Filter& filter) {
    if (!stored.record) {
        return true;
    }
    const Record& record = *stored.record;
    const bool is_wanted_action = filter.action.ends_with('.')
                                      ? record.action.starts_with(filter.action)
                                      : filter.action.empty() || record.action == filter.action;
    const bool is_wanted_target = filter.target.empty() || record.target == filter.target ||
                                  record.target.ends_with(':' + filter.target);
    return is_wanted_action && is_wanted_target && (!filter.since || record.at >= *filter.since);
}

/// Gives an intent the result that was met before it, coming from the newest record.
class Joiner {
public:
    /// False for a result, which is shown with its intent.
    bool join(StoredRecord& stored) {
        if (!stored.record) {
            return true;
        }
        Record& record = *stored.record;
        if (record.phase == Phase::Result) {
            results_.insert_or_assign(record.refers_to, std::move(record));
            return false;
        }
        if (const auto found = results_.find(record.seq);
            record.phase == Phase::Intent && found != results_.end()) {
            record.result = found->second.result;
            const bool both = !record.detail.empty() && !found->second.detail.empty();
            record.detail += (both ? " " : "") + found->second.detail;
            results_.erase(found);
        }
        return true;
    }

private:
    std::map<Seq, Record> results_;
};

/// The place from which on `filter.limit` records match.
Outcome<Seq> first_of_limit(state::Database& database, const Filter& filter) {
    QC_TRY(state::Statement rows, database.prepare("SELECT seq, record, mac FROM audit ORDER BY seq DESC"));
    Seq first = 0;
    for (std::size_t count = 0; filter.limit == 0 || count < filter.limit;) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return Seq{0};
        }
        const StoredRecord stored = read_row(rows);
        if (matches(stored, filter)) {
            first = stored.seq;
            ++count;
        }
    }
    return first;
}

}  // namespace

Outcome<void> walk_back(state::Database& database,
                        const std::function<bool(const StoredRecord& stored)>& visit) {
    QC_TRY(state::Statement rows, database.prepare("SELECT seq, record, mac FROM audit ORDER BY seq DESC"));
    Joiner joiner;
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return {};
        }
        StoredRecord stored = read_row(rows);
        if (joiner.join(stored) && !visit(stored)) {
            return {};
        }
    }
}

Outcome<std::vector<StoredRecord>> read(state::Database& database, const Filter& filter) {
    std::vector<StoredRecord> found;
    const auto walked = walk_back(database, [&](const StoredRecord& stored) {
        if (matches(stored, filter)) {
            found.push_back(stored);
        }
        return filter.limit == 0 || found.size() < filter.limit;
    });
    if (!walked) {
        return std::unexpected{walked.error()};
    }
    std::ranges::reverse(found);
    return found;
}

Outcome<bool> contains(state::Database& database, const Anchor& anchor) {
    if (anchor.seq == 0) {
        return true;
    }
    QC_TRY(state::Statement row, database.prepare("SELECT seq, record, mac FROM audit WHERE seq = ?"));
    row.bind(1, static_cast<std::int64_t>(anchor.seq));
    QC_TRY(const bool is_there, row.step());
    return is_there && read_row(row).mac == anchor.mac;
}

Outcome<void> export_lines(state::Database& database, const Filter& filter,
                           const std::function<Outcome<void>(std::string_view line)>& write) {
    QC_TRY(const Seq first, filter.limit == 0 ? Outcome<Seq>{0} : first_of_limit(database, filter));
    // A million records may be more than the memory: one at a time.
    QC_TRY(state::Statement rows,
           database.prepare("SELECT seq, record, mac FROM audit WHERE seq >= ? ORDER BY seq"));
    rows.bind(1, first == 0 ? INT64_MIN : static_cast<std::int64_t>(first));
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return {};
        }
        const StoredRecord stored = read_row(rows);
        if (!matches(stored, filter)) {
            continue;
        }
        if (Outcome<void> written = write(to_json_line(stored)); !written) {
            return written;
        }
    }
}

}  // namespace quantconf::audit
