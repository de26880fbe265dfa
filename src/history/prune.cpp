#include <algorithm>
#include <limits>

#include "history/history.hpp"
#include "history/rows.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {
namespace {

/// Everything but what is kept: the newest ?1, of the newest ?2 those since ?3, what is in use, its parents,
/// and what all of these were rolled back to.
constexpr std::string_view kForgetVersions =
    "WITH RECURSIVE "
    "newest(number) AS (SELECT number FROM version ORDER BY number DESC LIMIT ?1),"
    "young(number) AS (SELECT number FROM (SELECT number, at FROM version ORDER BY number DESC LIMIT ?2) "
    "WHERE at >= ?3),"
    // The last publication of each process that lives, and the last version of each environment.
    "used(number) AS (SELECT version FROM publication WHERE id IN "
    "(SELECT max(u.id) FROM publication u JOIN process p ON p.id = u.process WHERE p.ended IS NULL "
    "GROUP BY u.process) UNION SELECT max(number) FROM version GROUP BY environment),"
    "kept(number) AS (SELECT number FROM newest UNION SELECT number FROM young UNION SELECT number FROM used "
    "UNION SELECT parent FROM version WHERE number IN (SELECT number FROM used) "
    "UNION SELECT v.rolled_back_to FROM version v JOIN kept k ON v.number = k.number) "
    "DELETE FROM version WHERE number NOT IN (SELECT number FROM kept WHERE number IS NOT NULL) "
    "RETURNING number";

/// Publications of those that have ended: beyond the count, lowest numbers first.
constexpr std::string_view kForgetPublications =
    "DELETE FROM publication WHERE id <= (SELECT id FROM publication ORDER BY id DESC LIMIT 1 OFFSET ?1) "
    "AND process IN (SELECT id FROM process WHERE ended IS NOT NULL)";

/// Rows of processes about which nothing else is known any more.
constexpr std::string_view kForgetProcesses =
    "DELETE FROM process WHERE ended IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM publication WHERE process = process.id)";

/// Nobody keeps anything for longer, and times do not overflow.
constexpr std::chrono::days kYoungest{0};
constexpr std::chrono::days kOldest{36'525};

std::int64_t clamped(std::size_t count) {
    return static_cast<std::int64_t>(
        std::min(count, static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max())));
}

}  // namespace

Outcome<std::size_t> History::prune(const Retention& retention) {
    QC_TRY(state::Transaction transaction, database_.begin());
    std::size_t forgotten = 0;
    {
        QC_TRY(state::Statement versions, database_.prepare(kForgetVersions));
        versions.bind(1, clamped(retention.versions)).bind(2, clamped(retention.most));
        versions.bind(3, microseconds_of(clock_.now() - std::clamp(retention.age, kYoungest, kOldest)));
        for (bool has_row = true; has_row; forgotten += has_row ? 1 : 0) {
            QC_TRY(has_row, versions.step());
        }
        QC_TRY(state::Statement publications, database_.prepare(kForgetPublications));
        if (Outcome<void> done = publications.bind(1, clamped(retention.publications)).run(); !done) {
            return std::unexpected{std::move(done).error()};
        }
        QC_TRY(state::Statement processes, database_.prepare(kForgetProcesses));
        if (Outcome<void> done = processes.run(); !done) {
            return std::unexpected{std::move(done).error()};
        }
    }
    if (Outcome<void> done = transaction.commit(); !done) {
        return std::unexpected{std::move(done).error()};
    }
    return forgotten;
}

}  // namespace quantconf::history
