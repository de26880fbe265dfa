#include "state/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/lock_holder.hpp"
#include "state/fork_gate.hpp"
#include "state/problem.hpp"

namespace quantconf::state {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIdleStatements = 32;  // More than any of our folders has texts of SQL.
constexpr int kRowBytes = 16 * 1024 * 1024;  // Nothing of ours comes near it.

/// For "file:...?immutable=1", where some characters mean something else.
std::string uri_of(const fs::path& file) {
    std::string uri = "file:";
    for (const char c : file.string()) {
        uri += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02x}", static_cast<unsigned char>(c))
                                                : std::string(1, c);
    }
    return uri + "?immutable=1";
}

Problem problem_of_system(int number) {
    switch (number) {
        case ENOSPC:
        case EDQUOT:
            return Problem::Full;
        case EROFS:
        case EACCES:
        case EPERM:
            return Problem::ReadOnly;
        default:
            return Problem::InputOutput;
    }
}

/// SQLite tries several ways to open a file or the log beside it and keeps the reason of the last one, which
/// tells little about the first. So the system is asked again.
Problem problem_of_opening(const fs::path& file, int system_number) {
    if (::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) != 0 && errno == EACCES) {
        return Problem::Unreadable;
    }
    for (const fs::path& path : {file.parent_path(), file, log_of(file), index_of(file)}) {
        if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0 && errno != ENOENT) {
            return problem_of_system(errno);
        }
    }
    return system_number == EIO || system_number == ENOSPC || system_number == EDQUOT
               ? problem_of_system(system_number)
               : Problem::Unexpected;
}

Problem problem_of(int code, int system_number, const fs::path& file) {
    if (code == SQLITE_READONLY_DBMOVED) {
        return Problem::Replaced;
    }
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Problem::Busy;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Problem::Damaged;
        case SQLITE_ERROR:     // A table or column that our SQL names is not there.
        case SQLITE_MISMATCH:  // A column of another type than we made.
        case SQLITE_CONSTRAINT:
            return Problem::Damaged;
        case SQLITE_FULL:
            return Problem::Full;
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return Problem::ReadOnly;
        case SQLITE_IOERR:
            return problem_of_system(system_number);
        case SQLITE_CANTOPEN:
            return problem_of_opening(file, system_number);
        default:
            return Problem::Unexpected;
    }
}

/// The log's lock is on the index; a process that opens the first or closes the last connection locks the
/// file.
std::string holder_of(const fs::path& file) {
    for (const fs::path& locked : {index_of(file), file}) {
        const std::optional<FileIdentity> identity = identity_of(locked);
        if (std::string holder = identity ? record_lock_holder(identity->device, identity->inode) : "";
            !holder.empty()) {
            return holder;
        }
    }
    return {};
}

}  // namespace

std::string hint_for(Problem problem, const fs::path& file) {
    switch (problem) {
        case Problem::Busy: {
            const std::string holder = holder_of(file);
            return holder.empty() ? "find the process that holds it with: fuser " + file.string()
                                  : holder + " holds it";
        }
        case Problem::Damaged:
            return "move it and its -wal aside and put one back from a backup; without any, "
                   "--accept-rollback begins a new one";
        case Problem::Full:
            return "free some space and try again";
        case Problem::ReadOnly:
            return "make the file, its -wal and -shm and the folder " + file.parent_path().string() +
                   " writable, or name another one with --state-dir";
        case Problem::Unreadable:
            return "it has to be readable for its owner: chmod 600 " + file.string();
        case Problem::InputOutput:
            return "nothing was acknowledged; look at the kernel's messages";
        default:
            return {};
    }
}

fs::path log_of(const fs::path& file) {
    return file.string() + "-wal";
}

fs::path index_of(const fs::path& file) {
    return file.string() + "-shm";
}

Connection::Connection(fs::path file, std::string shown_as)
    : file_{std::move(file)}, shown_as_{std::move(shown_as)}, process_{::getpid()} {}

Connection::~Connection() {
    const InSqlite inside;
    ForkGate::of_process().remove(this);
    if (handle_ == nullptr) {
        return;
    }
    if (is_forked()) {
        (void)leave_parent();
        return;
    }
    forget_statements();
    const int code = sqlite3_close(handle_);
    QC_ASSERT(code != SQLITE_BUSY);  // A statement or a transaction outlived its database.
}

bool Connection::leave_parent() noexcept {
    if (handle_ == nullptr) {
        return true;
    }
    if (sqlite3_txn_state(handle_, nullptr) == SQLITE_TXN_WRITE) {
        return false;  // Leaked on purpose.
    }
    idle_.clear();
    while (sqlite3_stmt* const statement = sqlite3_next_stmt(handle_, nullptr)) {
        sqlite3_finalize(statement);
    }
    // Whoever closes last moves the log into the file and removes it. A child must not: it has no locks.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): SQLite's interface.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return sqlite3_close(std::exchange(handle_, nullptr)) == SQLITE_OK;
}

template <typename Call>
int Connection::call(Call what) {
    waits_since_ = {};
    while (true) {
        const InSqlite inside;
        gave_way_ = false;
        const int code = what();
        if (!gave_way_ || (code & 0xff) != SQLITE_BUSY) {
            return code;
        }
    }
}

int Connection::wait_for_lock(void* connection, int tries) noexcept {
    using std::chrono::milliseconds;
    static constexpr std::array kPauses{1, 2, 5, 10, 15, 20, 25, 25, 25, 50};  // In milliseconds.
    auto& self = *static_cast<Connection*>(connection);
    const auto now = std::chrono::steady_clock::now();
    if (self.waits_since_ == std::chrono::steady_clock::time_point{}) {
        self.waits_since_ = now;
    }
    const auto left = self.waits_since_ + self.busy_timeout_ - now;
    if (left <= milliseconds{0}) {
        return 0;
    }
    if (ForkGate::of_process().is_to_give_way()) {
        self.gave_way_ = true;
        return 0;
    }
    const auto index = std::min(static_cast<std::size_t>(tries), kPauses.size() - 1);
    std::this_thread::sleep_for(
        std::min<std::chrono::steady_clock::duration>(milliseconds{kPauses.at(index)}, left));
    return 1;
}

Outcome<void> Connection::open(Opening opening, std::chrono::milliseconds busy_timeout) {
    constexpr int kAlways = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const bool is_immutable = opening == Opening::Immutable;
    const std::string name = is_immutable ? uri_of(file_) : file_.string();
    {
        const InSqlite inside;
        if (!ForkGate::of_process().leave_parent()) {
            return failure(
                "open", shown_as_, Problem::Forked,
                "this process was forked while another thread was writing to it; start the program "
                "anew, or fork again");
        }
        const int code = sqlite3_open_v2(
            name.c_str(), &handle_,
            kAlways | (is_immutable ? SQLITE_OPEN_URI : 0) |
                (opening == Opening::ReadWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY),
            nullptr);
        ForkGate::of_process().add(this);
        if (code != SQLITE_OK) {
            return std::unexpected{error("open", code)};
        }
    }
    return configure(busy_timeout);
}

void Connection::wait_at_most(std::chrono::milliseconds busy_timeout) noexcept {
    busy_timeout_ = busy_timeout;
}

Outcome<void> Connection::configure(std::chrono::milliseconds busy_timeout) {
    busy_timeout_ = busy_timeout;
    {
        const InSqlite inside;
        // Who can write the file can put SQL into its schema; none of it shall run with our rights.
        for (const auto& [option, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                            {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                            {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                            {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                            {SQLITE_DBCONFIG_ENABLE_FKEY, 1}}) {
            // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): SQLite's interface.
            const int code = sqlite3_db_config(handle_, option, value, nullptr);
            QC_ASSERT(code == SQLITE_OK);
        }
        sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, kRowBytes);
        sqlite3_busy_handler(handle_, &wait_for_lock, this);
    }
    return run(
        "PRAGMA synchronous=FULL;"    // A commit is on disk when it returns.
        "PRAGMA cell_size_check=ON;"  // Finds damage before it is followed.
        "PRAGMA mmap_size=0;"         // A disk error is an error and not a signal.
        "PRAGMA temp_store=MEMORY;"   // No copies in /tmp.
        "PRAGMA journal_size_limit=1048576;");
}

Outcome<void> Connection::close() {
    const InSqlite inside;
    ForkGate::of_process().remove(this);
    forget_statements();
    const int code = sqlite3_close(std::exchange(handle_, nullptr));
    QC_ASSERT(code != SQLITE_BUSY);
    if (code != SQLITE_OK) {
        return std::unexpected{error("close", code)};
    }
    return {};
}

Outcome<void> Connection::run(const std::string& sql) {
    const int code = call([&] { return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr); });
    if (code != SQLITE_OK) {
        return std::unexpected{error("use", code)};
    }
    return {};
}

Outcome<Transaction> Connection::begin() {
    std::optional<Transaction> begun;
    const int code = call([&] {
        const int done = sqlite3_exec(handle_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
        if (done == SQLITE_OK) {
            begun.emplace(*this);
        }
        return done;
    });
    if (code != SQLITE_OK) {
        return std::unexpected{error("use", code)};
    }
    return *std::move(begun);
}

Outcome<bool> Connection::step(sqlite3_stmt* statement) {
    const int code = call([&] { return sqlite3_step(statement); });
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        return code == SQLITE_ROW;
    }
    Error failed = error("use", code);
    const InSqlite inside;
    sqlite3_reset(statement);
    return std::unexpected{std::move(failed)};
}

Outcome<sqlite3_stmt*> Connection::prepare(std::string_view sql) {
    const auto found = std::ranges::find_if(
        idle_, [&](sqlite3_stmt* idle) { return std::string_view{sqlite3_sql(idle)} == sql; });
    if (found != idle_.end()) {
        sqlite3_stmt* const idle = *found;
        idle_.erase(found);
        return idle;
    }
    sqlite3_stmt* statement = nullptr;
    const int code = call([&] {
        return sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                  SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    });
    if (code != SQLITE_OK) {
        return std::unexpected{error("use", code)};
    }
    QC_ASSERT(statement != nullptr);
    return statement;
}

void Connection::give_back(sqlite3_stmt* statement) noexcept {
    const InSqlite inside;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (idle_.size() < kIdleStatements) {
        idle_.push_back(statement);
    } else {
        sqlite3_finalize(statement);
    }
}

void Connection::forget_statements() noexcept {
    for (sqlite3_stmt* const statement : std::exchange(idle_, {})) {
        sqlite3_finalize(statement);
    }
}

Outcome<std::int64_t> Connection::number(std::string_view sql) {
    Outcome<sqlite3_stmt*> statement = prepare(sql);
    if (!statement) {
        return std::unexpected{std::move(statement).error()};
    }
    const int code = call([&] { return sqlite3_step(*statement); });
    const InSqlite inside;
    const std::int64_t value = code == SQLITE_ROW ? sqlite3_column_int64(*statement, 0) : 0;
    sqlite3_finalize(*statement);
    if (code != SQLITE_ROW) {
        return std::unexpected{error("read", code)};
    }
    return value;
}

Outcome<void> Connection::remember_files(const FileIdentity& checked) {
    database_ = checked;
    log_ = identity_of(log_of(file_));
    index_ = identity_of(index_of(file_));
    return check_in_place();
}

Outcome<void> Connection::check_in_place() const {
    if (is_forked()) {
        return failure("use", shown_as_, Problem::Forked, "open it again in this process");
    }
    const auto is_there = [](const std::optional<FileIdentity>& known, const fs::path& path) {
        return !known || identity_of(path) == known;
    };
    for (const auto& [known, path] :
         {std::pair{database_, file_}, {log_, log_of(file_)}, {index_, index_of(file_)}}) {
        if (!is_there(known, path)) {
            return failure("use", path.string(), Problem::Replaced,
                           "changes are refused; find out who did it, put the file back or start again");
        }
    }
    return {};
}

bool Connection::is_forked() const noexcept {
    return ::getpid() != process_;
}

Error Connection::error(std::string_view operation, int code) const {
    const InSqlite inside;
    const int system_number = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
    const Problem problem = problem_of(code, system_number, file_);
    std::string hint = hint_for(problem, file_);
    const char* words = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
    hint += fmt::format("{}(SQLite {}: {})", hint.empty() ? "" : " ", code, words);
    return {.operation = std::string{operation},
            .subject = shown_as_,
            .cause = make_error_code(problem),
            .hint = std::move(hint)};
}

}  // namespace quantconf::state
