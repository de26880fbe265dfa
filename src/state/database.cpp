#include "state/database.hpp"

#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "quantconf/detail/try.hpp"
#include "state/connection.hpp"
#include "state/create.hpp"
#include "state/private_file.hpp"
#include "state/problem.hpp"

namespace quantconf::state {
namespace {

namespace fs = std::filesystem;

/// What is there before SQLite looks. Nothing if there is no database and no trace of one.
Outcome<std::optional<PrivateFile>> look_at(const fs::path& file) {
    // The log first: it appears after the file, so a log without a file is never one that is just being made.
    QC_TRY(const std::optional<PrivateFile> log, check_private_file(log_of(file)));
    for (const fs::path& beside : {index_of(file), fs::path{file.string() + "-journal"}}) {
        if (Outcome<std::optional<PrivateFile>> checked = check_private_file(beside); !checked) {
            return checked;  // SQLite would open it, and wait for whoever writes into a FIFO.
        }
    }
    QC_TRY(const std::optional<PrivateFile> database, check_private_file(file));
    if (!database && log) {
        return failure("open", file.string(), Problem::Damaged,
                       "it is gone, but its log is still there; put it back from a backup, or move the log " +
                           log_of(file).string() + " away to start a new one");
    }
    if (database && database->size == 0) {
        return failure("open", file.string(), Problem::Damaged,
                       "it is empty, and we never leave it so; " + hint_for(Problem::Damaged, file));
    }
    return database;
}

/// Ours, and of a version that we know?
Outcome<std::int64_t> read_version(Connection& connection, std::size_t known) {
    QC_TRY(const std::int64_t application, connection.number("PRAGMA application_id"));
    QC_TRY(const std::int64_t version, connection.number("PRAGMA user_version"));
    const std::string name = connection.file().string();
    if (application != kApplicationId) {
        return failure("open", name, Problem::Foreign, "choose another state folder");
    }
    if (version < 0 || std::cmp_greater(version, known)) {
        return failure("open", name, Problem::NewerVersion,
                       fmt::format("it has version {}, this program knows {}; nothing was changed; update "
                                   "quantconf",
                                   version, known));
    }
    return version;
}

bool can_write(const fs::path& path) {
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

/// How to read it. To read a log, SQLite needs an index beside it, and an index that it makes beside a file
/// that cannot be written cannot be written either, by anybody after us. Where there is no log, it is told
/// that it needs neither. Where file or folder are the obstacle, nobody else of this user makes a log
/// meanwhile either.
Outcome<Opening> how_to_read(const fs::path& file) {
    QC_TRY(const std::optional<PrivateFile> log, check_private_file(log_of(file)));
    if ((can_write(file) && can_write(file.parent_path())) || (log && identity_of(index_of(file)))) {
        return Opening::ReadOnly;
    }
    if (log && log->size > 0) {
        return failure(
            "read", file.string(), Problem::ReadOnly,
            "its newest records are in " + log_of(file).string() +
                ", and reading them writes an index beside it; copy both files to a folder that can "
                "be written, and name that with --state-dir");
    }
    return Opening::Immutable;
}

std::unexpected<Error> cannot_write(const fs::path& file) {
    return failure("write", file.string(), Problem::ReadOnly, hint_for(Problem::ReadOnly, file));
}

Outcome<void> prepare_to_write(Connection& connection, const DatabaseOptions& options) {
    if (Outcome<void> logged = connection.run("PRAGMA journal_mode=WAL"); !logged) {
        return logged;
    }
    QC_TRY(const std::int64_t version, read_version(connection, options.migrations.size()));
    if (std::cmp_less(version, options.migrations.size())) {
        return migrate(connection, options.migrations);
    }
    return {};
}

}  // namespace

Database::Database(std::unique_ptr<Connection> connection) noexcept : connection_{std::move(connection)} {}
Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

Outcome<Database> Database::open(const fs::path& file, const DatabaseOptions& options) {
    std::error_code failed;
    const fs::path absolute = fs::absolute(file, failed).lexically_normal();
    if (failed) {
        return std::unexpected{
            Error{.operation = "open", .subject = file.string(), .cause = failed, .hint = {}}};
    }
    const fs::path folder = absolute.parent_path();
    const bool may_create = options.access == Access::Create;
    if (Outcome<void> checked = may_create ? ensure_private_folder(folder) : check_private_folder(folder);
        !checked) {
        return std::unexpected{std::move(checked).error()};
    }
    QC_TRY(std::optional<PrivateFile> found, look_at(absolute));
    if (!found && may_create) {
        if (Outcome<void> created = create_database(absolute, options); !created) {
            return std::unexpected{std::move(created).error()};
        }
        QC_TRY(found, look_at(absolute));
    }
    if (!found) {
        return failure("open", absolute.string(), Problem::Missing, "`quantconf init` makes it");
    }

    DatabaseOptions tried = options;
    if (options.access == Access::WriteOrRead) {
        tried.access = Access::Write;
        Outcome<Database> writable = open_existing(absolute, found->identity, tried);
        if (writable || writable.error().cause != Problem::ReadOnly) {
            return writable;
        }
        tried.access = Access::Read;
    }
    return open_existing(absolute, found->identity, tried);
}

Outcome<Database> Database::open_existing(const fs::path& file, const FileIdentity& checked,
                                          const DatabaseOptions& options) {
    auto connection = std::make_unique<Connection>(file, file.string());
    const bool is_read = options.access == Access::Read;
    Opening opening = Opening::ReadWrite;
    if (is_read) {
        QC_TRY(opening, how_to_read(file));
    }
    if (!is_read && !can_write(file) && errno != ENOENT) {
        return errno == EACCES && ::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) != 0
                   ? failure("open", file.string(), Problem::Unreadable, hint_for(Problem::Unreadable, file))
                   : cannot_write(file);
    }
    Outcome<void> ready = connection->open(opening, options.busy_timeout);
    if (ready) {
        QC_TRY(const std::int64_t version, read_version(*connection, options.migrations.size()));
        if (is_read && std::cmp_less(version, options.migrations.size())) {
            return failure("read", file.string(), Problem::ReadOnly,
                           "an older quantconf wrote it; open it once where it can be written");
        }
    }
    if (ready && !is_read && connection->is_read_only()) {
        return cannot_write(file);
    }
    if (ready && !is_read) {
        ready = prepare_to_write(*connection, options);
    }
    if (ready) {
        ready = connection->remember_files(checked);
    }
    if (!ready) {
        return std::unexpected{std::move(ready).error()};
    }
    return Database{std::move(connection)};
}

Outcome<Statement> Database::prepare(std::string_view sql) {
    if (Outcome<void> usable = check_in_place(); !usable) {
        return std::unexpected{std::move(usable).error()};
    }
    QC_TRY(sqlite3_stmt* const statement, connection_->prepare(sql));
    return Statement{*connection_, statement};
}

Outcome<void> Database::run(std::string_view sql) {
    if (Outcome<void> usable = check_in_place(); !usable) {
        return usable;
    }
    return connection_->run(std::string{sql});
}

void Database::wait_at_most(std::chrono::milliseconds busy_timeout) noexcept {
    connection_->wait_at_most(busy_timeout);
}

Outcome<Transaction> Database::begin() {
    if (Outcome<void> usable = check_in_place(); !usable) {
        return std::unexpected{std::move(usable).error()};
    }
    if (is_read_only()) {  // SQLite would begin, and refuse at the first change.
        return cannot_write(path());
    }
    QC_ASSERT(!connection_->is_in_transaction());
    return connection_->begin();
}

Outcome<void> Database::check_in_place() const {
    return connection_->check_in_place();
}

Outcome<void> Database::check_integrity() {
    QC_TRY(Statement check, prepare("PRAGMA integrity_check(5)"));
    std::string found;
    while (true) {
        QC_TRY(const bool has_row, check.step());
        if (!has_row) {
            break;
        }
        found += (found.empty() ? "" : "; ") + std::string{check.bytes(0)};
    }
    if (found != "ok") {
        return failure("trust", path().string(), Problem::Damaged, found);
    }
    return {};
}

const fs::path& Database::path() const noexcept {
    return connection_->file();
}

bool Database::is_read_only() const noexcept {
    return connection_->is_read_only();
}

}  // namespace quantconf::state
