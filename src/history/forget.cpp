#include "history/forget.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "history/limits.hpp"
#include "history/rows.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {
namespace {

/// What is in use: the last publication of each process that lives, and the last version of each environment.
constexpr std::string_view kUsed =
    "used(number) AS (SELECT version FROM publication WHERE id IN "
    "(SELECT max(u.id) FROM publication u JOIN process p ON p.id = u.process WHERE p.ended IS NULL "
    "GROUP BY u.process) UNION SELECT max(number) FROM version GROUP BY environment)";

/// With its parents.
constexpr std::string_view kInUse =
    "WITH {} SELECT number FROM used UNION SELECT parent FROM version WHERE number IN (SELECT number FROM "
    "used)";

/// Everything but what is kept: the newest ?1, of the newest ?2 those since ?3, what is in use, its parents,
/// and what all of these were rolled back to.
constexpr std::string_view kForgettable =
    "WITH RECURSIVE "
    "newest(number) AS (SELECT number FROM version ORDER BY number DESC LIMIT ?1),"
    "young(number) AS (SELECT number FROM (SELECT number, at FROM version ORDER BY number DESC LIMIT ?2) "
    "WHERE at >= ?3),"
    "{},"
    "kept(number) AS (SELECT number FROM newest UNION SELECT number FROM young UNION SELECT number FROM used "
    "UNION SELECT parent FROM version WHERE number IN (SELECT number FROM used) "
    "UNION SELECT v.rolled_back_to FROM version v JOIN kept k ON v.number = k.number) "
    "SELECT number FROM version WHERE number NOT IN (SELECT number FROM kept WHERE number IS NOT NULL) "
    "ORDER BY number";

/// Publications of those that have ended, up to number ?1; ?2 of them.
constexpr std::string_view kForgetPublications =
    "DELETE FROM publication WHERE id IN (SELECT id FROM publication WHERE id <= ?1 "
    "AND process IN (SELECT id FROM process WHERE ended IS NOT NULL) LIMIT ?2) RETURNING id";

/// Rows of processes about which nothing else is known any more; ?1 of them.
constexpr std::string_view kForgetProcesses =
    "DELETE FROM process WHERE id IN (SELECT id FROM process WHERE ended IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM publication WHERE process = process.id) LIMIT ?1) RETURNING id";

/// Nobody keeps anything for longer, and times do not overflow.
constexpr std::chrono::days kYoungest{0};
constexpr std::chrono::days kOldest{36'525};

std::int64_t clamped(std::size_t count) {
    return static_cast<std::int64_t>(
        std::min(count, static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max())));
}

/// The first column of every row.
Outcome<std::vector<std::int64_t>> numbers_of(state::Statement& rows) {
    std::vector<std::int64_t> numbers;
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return numbers;
        }
        numbers.push_back(rows.number(0));
    }
}

Outcome<std::int64_t> first_of(state::Database& database, std::string_view sql, std::int64_t parameter) {
    QC_TRY(state::Statement row, database.prepare(sql));
    row.bind(1, parameter);
    QC_TRY(const bool has_row, row.step());
    return has_row ? row.number(0) : 0;
}

/// Runs a DELETE that returns its rows until it finds no more, each time in a transaction of its own.
template <typename Bind>
Outcome<void> forget_rows(state::Database& database, std::string_view sql, Bind bind) {
    while (true) {
        QC_TRY(state::Transaction transaction, database.begin());
        std::size_t count = 0;
        {
            QC_TRY(state::Statement remove, database.prepare(sql));
            bind(remove);
            QC_TRY(const auto removed, numbers_of(remove));
            count = removed.size();
        }
        if (Outcome<void> done = transaction.commit(); !done) {
            return done;
        }
        if (count < limits::kForgottenAtOnce) {
            return {};
        }
    }
}

}  // namespace

Outcome<Forgettable> find_forgettable(state::Database& database, const Retention& retention, Time now) {
    Forgettable found;
    // The usual answer comes from an index. Looking through the versions themselves takes a tenth of a second
    // where there are ten thousand.
    QC_TRY(const std::int64_t count, first_of(database, "SELECT count(*) FROM version LIMIT ?", 1));
    if (count <= clamped(retention.versions)) {
        return found;
    }
    QC_TRY(found.known, first_of(database, "SELECT max(number) FROM version LIMIT ?", 1));
    QC_TRY(state::Statement versions, database.prepare(fmt::format(kForgettable, kUsed)));
    versions.bind(1, clamped(retention.versions)).bind(2, clamped(retention.most));
    versions.bind(3, microseconds_of(now - std::clamp(retention.age, kYoungest, kOldest)));
    QC_TRY(found.versions, numbers_of(versions));
    return found;
}

Outcome<std::size_t> forget_versions(state::Database& database, std::span<const std::int64_t> versions,
                                     std::int64_t known) {
    QC_TRY(state::Transaction transaction, database.begin());
    constexpr std::string_view kRolledBackSince =
        "SELECT count(*) FROM version WHERE number > ? AND rolled_back_to > 0";
    QC_TRY(const std::int64_t rollbacks, first_of(database, kRolledBackSince, known));
    if (rollbacks > 0) {
        return 0;
    }
    QC_TRY(state::Statement in_use, database.prepare(fmt::format(kInUse, kUsed)));
    QC_TRY(const auto used, numbers_of(in_use));
    const std::set<std::int64_t> kept{used.begin(), used.end()};
    QC_TRY(state::Statement remove,
           database.prepare("DELETE FROM version WHERE number = ? RETURNING number"));
    std::size_t forgotten = 0;
    for (const std::int64_t number : versions) {
        if (kept.contains(number)) {
            continue;
        }
        remove.bind(1, number);
        QC_TRY(const auto removed, numbers_of(remove));  // None if another process was faster.
        remove.reset();
        forgotten += removed.size();
    }
    if (Outcome<void> done = transaction.commit(); !done) {
        return std::unexpected{std::move(done).error()};
    }
    return forgotten;
}

Outcome<void> forget_publications(state::Database& database, std::size_t kept) {
    constexpr auto kPart = static_cast<std::int64_t>(limits::kForgottenAtOnce);
    QC_TRY(const std::int64_t last,
           first_of(database, "SELECT id FROM publication ORDER BY id DESC LIMIT 1 OFFSET ?", clamped(kept)));
    Outcome<void> done = forget_rows(database, kForgetPublications,
                                     [&](state::Statement& remove) { remove.bind(1, last).bind(2, kPart); });
    return done ? forget_rows(database, kForgetProcesses,
                              [&](state::Statement& remove) { remove.bind(1, kPart); })
                : done;
}

}  // namespace quantconf::history
