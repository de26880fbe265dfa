#include "history/processes.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "history/limits.hpp"
#include "history/problem.hpp"
#include "history/rows.hpp"
#include "history/shown_text.hpp"
#include "quantconf/detail/try.hpp"
#include "state/problem.hpp"

namespace quantconf::history {
namespace {

std::span<const std::string> pending_of(const ProcessStatus& status) {
    return std::span{status.pending}.first(std::min(status.pending.size(), limits::kPendingPaths));
}

Outcome<void> replace_pending(state::Database& database, ProcessId id, const ProcessStatus& status) {
    QC_TRY(state::Statement remove, database.prepare("DELETE FROM process_pending WHERE process = ?"));
    if (Outcome<void> done = remove.bind(1, id).run(); !done) {
        return done;
    }
    QC_TRY(state::Statement insert, database.prepare("INSERT INTO process_pending VALUES(?, ?, ?)"));
    std::int64_t place = 0;
    for (const std::string& path : pending_of(status)) {
        insert.bind(1, id).bind(2, ++place).bind_blob(3, bytes_of(shown_text(path, limits::kPathBytes)));
        if (Outcome<void> done = insert.run(); !done) {
            return done;
        }
    }
    return {};
}

/// Parameters 1 to 5 of both statements below.
void bind_status(state::Statement& statement, const ProcessStatus& status) {
    statement.bind_blob(1, name_of(status.environment)).bind(2, stored(status.version));
    statement.bind(3, status.last_reload_ok ? 1 : 0);
    statement.bind_blob(4, bytes_of(shown_line(status.last_error, limits::kReasonBytes)));
    statement.bind(5, static_cast<std::int64_t>(status.following));
}

Outcome<std::vector<std::string>> read_pending(state::Database& database, ProcessId id) {
    QC_TRY(state::Statement rows,
           database.prepare("SELECT path FROM process_pending WHERE process = ? ORDER BY place"));
    rows.bind(1, id);
    std::vector<std::string> paths;
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return paths;
        }
        paths.push_back(shown_text(rows.bytes(0), limits::kPathBytes));
    }
}

Outcome<ProcessRow> read_process(state::Database& database, const state::Statement& row) {
    const std::optional<Environment> environment = parse_environment(row.bytes(7));
    const std::int64_t following = row.number(11);
    const bool is_ours = following >= 0 && following <= static_cast<std::int64_t>(Following::Polling);
    if (!environment || row.number(0) <= 0 || !is_ours) {
        return damaged(database, "process", row.number(0));
    }
    ProcessRow process{.id = row.number(0),
                       .identity = {.host = shown_text(row.bytes(1), limits::kHostBytes),
                                    .boot = shown_text(row.bytes(2), limits::kHostBytes),
                                    .pids = static_cast<std::uint64_t>(row.number(3)),
                                    .pid = row.number(4),
                                    .started = static_cast<std::uint64_t>(row.number(5)),
                                    .program = shown_text(row.bytes(6), limits::kProgramBytes)},
                       .status = {.environment = *environment,
                                  .version = static_cast<VersionNumber>(row.number(8)),
                                  .last_reload_ok = row.number(9) != 0,
                                  .last_error = shown_text(row.bytes(10), limits::kReasonBytes),
                                  .following = static_cast<Following>(following),
                                  .pending = {}},
                       .since = time_of(row.number(12)),
                       .updated = time_of(row.number(13))};
    QC_TRY(process.status.pending, read_pending(database, process.id));
    return process;
}

/// As read_process() expects them.
constexpr std::string_view kSelect =
    "SELECT id, host, boot, pids, pid, started, program, environment, version, last_reload_ok, last_error, "
    "watcher_active, since, updated FROM process";

Outcome<std::vector<ProcessRow>> read_living(state::Database& database) {
    QC_TRY(state::Statement rows,
           database.prepare(fmt::format("{} WHERE ended IS NULL ORDER BY id", kSelect)));
    std::vector<ProcessRow> living;
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return living;
        }
        QC_TRY(ProcessRow row, read_process(database, rows));
        living.push_back(std::move(row));
    }
}

bool has_ended(const ProcessRow& row, Time now) {
    const std::optional<bool> alive = is_alive(row.identity);
    return alive ? !*alive : now - row.updated > limits::kForeignSilence;
}

/// A publication lasts at least for its own moment, also where the clock jumped back since.
constexpr std::string_view kLastPublication =
    "coalesce((SELECT at FROM publication WHERE process = process.id ORDER BY id DESC LIMIT 1), ?2)";

/// Ends rows with the moment of their last word, unless they said something since they were read.
Outcome<void> end_dead(state::Database& database, std::span<const ProcessRow> dead, Time now) {
    QC_TRY(state::Transaction transaction, database.begin());
    QC_TRY(state::Statement end,
           database.prepare(fmt::format("UPDATE process SET ended = max(?2, {}), noticed = ?3 "
                                        "WHERE id = ?1 AND ended IS NULL AND updated = ?2",
                                        kLastPublication)));
    for (const ProcessRow& row : dead) {
        end.bind(1, row.id).bind(2, microseconds_of(row.updated)).bind(3, microseconds_of(now));
        if (Outcome<void> done = end.run(); !done) {
            return done;
        }
    }
    return transaction.commit();
}

/// Whoever only looks must be able to look, also where nothing can be written just now.
bool is_only_unwritable(const Error& error) {
    return error.cause == state::Problem::ReadOnly || error.cause == state::Problem::Full ||
           error.cause == state::Problem::Busy;
}

}  // namespace

Processes::Processes(state::Database& database, const Clock& clock) : database_{database}, clock_{clock} {}

Outcome<ProcessId> Processes::add(const ProcessIdentity& identity, const ProcessStatus& status) {
    QC_TRY(state::Transaction transaction, database_.begin());
    QC_TRY(state::Statement insert,
           database_.prepare("INSERT INTO process(environment, version, last_reload_ok, last_error, "
                             "watcher_active, host, boot, pids, pid, started, program, since, updated) "
                             "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?12, ?12) RETURNING id"));
    bind_status(insert, status);
    insert.bind_blob(6, bytes_of(shown_text(identity.host, limits::kHostBytes)));
    insert.bind_blob(7, bytes_of(shown_text(identity.boot, limits::kHostBytes)));
    insert.bind(8, stored(identity.pids)).bind(9, identity.pid).bind(10, stored(identity.started));
    insert.bind_blob(11, bytes_of(shown_text(identity.program, limits::kProgramBytes)));
    insert.bind(12, microseconds_of(clock_.now()));
    QC_TRY(const bool has_id, insert.step());
    QC_ASSERT(has_id);
    const ProcessId id = insert.number(0);
    insert.reset();
    Outcome<void> done = replace_pending(database_, id, status);
    done = done ? transaction.commit() : done;
    if (!done) {
        return std::unexpected{std::move(done).error()};
    }
    return id;
}

Outcome<void> Processes::update(ProcessId id, const ProcessStatus& status) {
    QC_TRY(state::Transaction transaction, database_.begin());
    bool is_there = false;
    {
        QC_TRY(
            state::Statement change,
            database_.prepare("UPDATE process SET environment = ?, version = ?, last_reload_ok = ?, "
                              "last_error = ?, watcher_active = ?, updated = ?, ended = NULL, noticed = NULL "
                              "WHERE id = ? AND (ended IS NULL OR noticed IS NOT NULL) RETURNING id"));
        bind_status(change, status);
        change.bind(6, microseconds_of(clock_.now())).bind(7, id);
        QC_TRY(is_there, change.step());
    }
    if (!is_there) {
        return refuse("update a process in", database_.path().string(), Problem::NoSuchProcess,
                      fmt::format("row {} of the process table was removed", id));
    }
    Outcome<void> done = replace_pending(database_, id, status);
    return done ? transaction.commit() : done;
}

Outcome<std::optional<ProcessRow>> Processes::find(ProcessId id) {
    QC_TRY(state::Statement row, database_.prepare(fmt::format(
                                     "{} WHERE id = ? AND (ended IS NULL OR noticed IS NOT NULL)", kSelect)));
    row.bind(1, id);
    QC_TRY(const bool is_there, row.step());
    if (!is_there) {
        return std::nullopt;
    }
    QC_TRY(ProcessRow process, read_process(database_, row));
    return process;
}

Outcome<void> Processes::remove(ProcessId id) {
    QC_TRY(state::Transaction transaction, database_.begin());
    QC_TRY(state::Statement end,
           database_.prepare(fmt::format("UPDATE process SET ended = max(?2, {}), noticed = NULL "
                                         "WHERE id = ?1 AND (ended IS NULL OR noticed IS NOT NULL)",
                                         kLastPublication)));
    if (Outcome<void> done = end.bind(1, id).bind(2, microseconds_of(clock_.now())).run(); !done) {
        return done;
    }
    return transaction.commit();
}

Outcome<std::vector<ProcessRow>> Processes::live() {
    QC_TRY(std::vector<ProcessRow> rows, read_living(database_));
    const Time now = clock_.now();
    const auto dead =
        std::ranges::stable_partition(rows, [&](const ProcessRow& row) { return !has_ended(row, now); });
    if (!dead.empty()) {
        const Outcome<void> ended = end_dead(database_, {dead.begin(), dead.end()}, now);
        if (!ended && !is_only_unwritable(ended.error())) {
            return std::unexpected{ended.error()};
        }
        rows.erase(dead.begin(), dead.end());
    }
    return rows;
}

}  // namespace quantconf::history
