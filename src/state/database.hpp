#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.hpp"
#include "quantconf/error.hpp"
#include "state/migrations.hpp"
#include "state/private_file.hpp"
#include "state/statement.hpp"
#include "state/transaction.hpp"

namespace quantconf::state {

/// What an open may do.
enum class Access : std::uint8_t {
    Create,       ///< Reads and writes; makes folder and file if neither the file nor a trace of it is there.
    Write,        ///< Reads and writes what is there.
    Read,         ///< Reads what is there, also from a disk that cannot be written.
    WriteOrRead,  ///< Write; where that is not possible, Read. is_read_only() says which.
};

struct DatabaseOptions {
    Access access = Access::Create;
    /// How long to wait for another writer.
    std::chrono::milliseconds busy_timeout{10'000};
    std::span<const std::string_view> migrations = state::migrations();
};

/// state.db: SQLite, write-ahead log, synced at every commit, in a folder and files that are ours alone.
///
/// Any number of processes at a time, each with its own. One thread at a time; useless after fork(), where
/// every call fails and the destructor leaves the files alone. Whoever can write the file can put SQL into
/// it: triggers and views in it are never run.
class Database {
public:
    /// `file` is DIR/state.db. Checks folder, file and log before SQLite sees them; brings the tables up to
    /// date. A file that is not what we left there is reported and stays as it is.
    [[nodiscard]] static Outcome<Database> open(const std::filesystem::path& file,
                                                const DatabaseOptions& options = {});

    Database(Database&&) noexcept;
    Database& operator=(Database&&) = delete;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    /// `sql` is ours, never text from outside: values are bound.
    [[nodiscard]] Outcome<Statement> prepare(std::string_view sql);
    /// Runs statements without rows.
    [[nodiscard]] Outcome<void> run(std::string_view sql);
    /// Takes the write lock, having checked that the files are still the ones that were opened.
    /// Problem::ReadOnly if it was opened for reading.
    [[nodiscard]] Outcome<Transaction> begin();
    /// From here on, instead of DatabaseOptions::busy_timeout.
    void wait_at_most(std::chrono::milliseconds busy_timeout) noexcept;

    /// Problem::Replaced if file or log was deleted, renamed or replaced since it was opened. Four system
    /// calls; begin() and commit() ask it too.
    [[nodiscard]] Outcome<void> check_in_place() const;
    /// Reads every page. Problem::Damaged with SQLite's first findings as the hint.
    [[nodiscard]] Outcome<void> check_integrity();

    [[nodiscard]] const std::filesystem::path& path() const noexcept;
    [[nodiscard]] bool is_read_only() const noexcept;

private:
    [[nodiscard]] static Outcome<Database> open_existing(const std::filesystem::path& file,
                                                         const FileIdentity& checked,
                                                         const DatabaseOptions& options);
    explicit Database(std::unique_ptr<Connection> connection) noexcept;

    std::unique_ptr<Connection> connection_;
};

/// Renames file and log aside, to "state.db.damaged-20260301T093000Z", and says where to. Nothing is ever
/// deleted; processes that have it open notice at their next transaction.
[[nodiscard]] Outcome<std::filesystem::path> quarantine(const std::filesystem::path& file,
                                                        const Clock& clock);

}  // namespace quantconf::state
