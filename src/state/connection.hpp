#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>
#include <sys/types.h>

#include "quantconf/error.hpp"
#include "state/private_file.hpp"
#include "state/problem.hpp"
#include "state/transaction.hpp"

namespace quantconf::state {

/// How SQLite opens the file.
enum class Opening {
    ReadWrite,
    ReadOnly,
    Immutable,  ///< From a disk that nobody can write to: needs neither lock nor log.
};

/// SQLite's handle with our settings, and the identity of the files behind it.
class Connection {
public:
    /// `path` is shown in messages; `file` is what is opened.
    Connection(std::filesystem::path file, std::string shown_as);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    [[nodiscard]] Outcome<void> open(Opening opening, std::chrono::milliseconds busy_timeout);
    /// Closes now and says whether everything reached the file.
    [[nodiscard]] Outcome<void> close();

    [[nodiscard]] Outcome<void> run(const std::string& sql);
    /// Takes the write lock. No fork() comes between that and the transaction.
    [[nodiscard]] Outcome<Transaction> begin();
    /// A statement of an earlier prepare() of the same text, if it was given back: parsing SQL took a third
    /// of the time of an audit record.
    [[nodiscard]] Outcome<sqlite3_stmt*> prepare(std::string_view sql);
    void give_back(sqlite3_stmt* statement) noexcept;
    /// sqlite3_step(): true with a row, false at the end.
    [[nodiscard]] Outcome<bool> step(sqlite3_stmt* statement);
    /// The first column of the only row: PRAGMA user_version.
    [[nodiscard]] Outcome<std::int64_t> number(std::string_view sql);

    /// For other writers.
    void wait_at_most(std::chrono::milliseconds busy_timeout) noexcept;

    /// From here on, check_in_place() compares with the files that are there now.
    [[nodiscard]] Outcome<void> remember_files(const FileIdentity& checked);
    [[nodiscard]] Outcome<void> check_in_place() const;
    /// Whether this is a child of the process that opened it; then SQLite must not be called at all.
    [[nodiscard]] bool is_forked() const noexcept;
    /// In a child: gives the handle up without touching a file. False in the middle of a transaction: undoing
    /// it would change what the parent writes.
    [[nodiscard]] bool leave_parent() noexcept;

    /// What a code that SQLite has just returned means.
    [[nodiscard]] Error error(std::string_view operation, int code) const;
    [[nodiscard]] bool is_in_transaction() const noexcept {
        return handle_ != nullptr && sqlite3_get_autocommit(handle_) == 0;
    }
    /// SQLite opens for reading what it was told to write and cannot, and says nothing.
    [[nodiscard]] bool is_read_only() const noexcept {
        return handle_ != nullptr && sqlite3_db_readonly(handle_, "main") != 0;
    }
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

private:
    /// Calls SQLite, from inside the gate; again where it had to give way to a fork(). The result is its
    /// code.
    template <typename Call>
    [[nodiscard]] int call(Call what);
    /// SQLite's question whether to try again while somebody else has the lock.
    static int wait_for_lock(void* connection, int tries) noexcept;

    void forget_statements() noexcept;
    [[nodiscard]] Outcome<void> configure(std::chrono::milliseconds busy_timeout);

    std::filesystem::path file_;
    std::string shown_as_;
    sqlite3* handle_ = nullptr;
    std::vector<sqlite3_stmt*> idle_;  ///< Statements that nobody uses; at most kIdleStatements.
    std::chrono::milliseconds busy_timeout_{};
    std::chrono::steady_clock::time_point waits_since_{};  ///< For the lock of somebody else; of one call.
    bool gave_way_ = false;
    pid_t process_;
    std::optional<FileIdentity> database_;
    std::optional<FileIdentity> log_;
    std::optional<FileIdentity> index_;
};

/// What to do about it; empty where there is nothing general to say.
[[nodiscard]] std::string hint_for(Problem problem, const std::filesystem::path& file);

/// state.db-wal and state.db-shm, which SQLite keeps beside the file.
[[nodiscard]] std::filesystem::path log_of(const std::filesystem::path& file);
[[nodiscard]] std::filesystem::path index_of(const std::filesystem::path& file);

}  // namespace quantconf::state
