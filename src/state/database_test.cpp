#include "state/database.hpp"

#include <algorithm>
#include <array>
#include <csignal>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/problem.hpp"
#include "support/test_folder.hpp"

namespace quantconf::state {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, 1> kFirst{
    "CREATE TABLE note(id INTEGER PRIMARY KEY, text BLOB) STRICT"};
constexpr std::array<std::string_view, 2> kSecond{kFirst[0],
                                                  "CREATE TABLE more(id INTEGER PRIMARY KEY) STRICT"};

class StateDatabase : public TestFolder {
protected:
    [[nodiscard]] Outcome<Database> open(DatabaseOptions options = {}) const {
        options.migrations = options.migrations.data() == migrations().data() ? kFirst : options.migrations;
        return Database::open(file(), options);
    }
    static std::error_code add(Database& database, std::int64_t id) {
        Outcome<Transaction> transaction = database.begin();
        if (!transaction) {
            return transaction.error().cause;
        }
        Outcome<Statement> insert = database.prepare("INSERT INTO note VALUES(?, ?)");
        if (!insert) {
            return insert.error().cause;
        }
        if (Outcome<void> done = insert->bind(1, id).bind_blob(2, "text").run(); !done) {
            return done.error().cause;
        }
        const Outcome<void> done = transaction->commit();
        return done ? std::error_code{} : done.error().cause;
    }
    static std::int64_t count(Database& database) {
        Outcome<Statement> select = database.prepare("SELECT count(*) FROM note");
        return select && select->step().value_or(false) ? select->number(0) : -1;
    }
    static std::error_code cause_of(const Outcome<Database>& opened) {
        return opened ? std::error_code{} : opened.error().cause;
    }
    /// What somebody with another program does to the file.
    void edit(const char* sql) const {
        sqlite3* handle = nullptr;
        ASSERT_EQ(sqlite3_open(file().c_str(), &handle), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
        sqlite3_close(handle);
    }
    static mode_t mode_of(const fs::path& path) {
        struct stat status {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return status.st_mode & 07777;
    }
};

TEST_F(StateDatabase, keeps_what_was_committed_and_forgets_what_was_not) {
    {
        Outcome<Database> database = open();
        ASSERT_TRUE(database) << to_text(database.error());
        EXPECT_EQ(add(*database, 1), std::error_code{});
        Outcome<Transaction> abandoned = database->begin();
        ASSERT_TRUE(abandoned);
        ASSERT_TRUE(database->run("INSERT INTO note VALUES(2, NULL)"));
    }
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    EXPECT_EQ(count(*database), 1);
    EXPECT_TRUE(database->check_integrity());
}

TEST_F(StateDatabase, file_log_and_index_are_0600_in_a_folder_of_0700_whatever_the_umask) {
    for (const mode_t mask : {mode_t{0}, mode_t{0777}}) {
        const fs::path folder = folder_ / std::to_string(mask);
        const mode_t before = ::umask(mask);
        Outcome<Database> database = Database::open(folder / "state.db", {.migrations = kFirst});
        ::umask(before);
        ASSERT_TRUE(database) << to_text(database.error());
        EXPECT_EQ(add(*database, 1), std::error_code{});
        EXPECT_EQ(mode_of(folder), 0700);
        for (const char* name : {"state.db", "state.db-wal", "state.db-shm"}) {
            EXPECT_EQ(mode_of(folder / name), 0600) << name;
        }
    }
}

TEST_F(StateDatabase, a_new_one_appears_complete_and_leaves_nothing_else_behind) {
    ASSERT_TRUE(open());
    EXPECT_EQ(names(), std::vector<std::string>{"state.db"});
}

TEST_F(StateDatabase, is_not_made_unless_that_was_asked_for) {
    EXPECT_EQ(cause_of(open({.access = Access::Write})), Problem::Missing);
    EXPECT_EQ(cause_of(open({.access = Access::Read})), Problem::Missing);
    EXPECT_TRUE(names().empty());
}

TEST_F(StateDatabase, is_not_made_again_beside_the_log_of_one_that_is_gone) {
    put(file().string() + "-wal", "anything");
    const Outcome<Database> opened = open();
    EXPECT_EQ(cause_of(opened), Problem::Damaged);
    EXPECT_EQ(names(), std::vector<std::string>{"state.db-wal"});
}

TEST_F(StateDatabase, an_empty_file_is_damage_and_not_a_new_database) {
    put(file(), "");
    EXPECT_EQ(cause_of(open()), Problem::Damaged);
    EXPECT_EQ(fs::file_size(file()), 0U);
}

TEST_F(StateDatabase, what_is_not_a_database_is_damaged_and_stays_as_it_is) {
    const std::string text(5000, 'x');
    put(file(), text);
    EXPECT_EQ(cause_of(open()), Problem::Damaged);
    EXPECT_EQ(text_of(file()), text);
}

TEST_F(StateDatabase, a_database_of_another_program_is_refused) {
    edit("CREATE TABLE theirs(x)");
    ::chmod(file().c_str(), 0600);
    const std::string before = text_of(file());
    EXPECT_EQ(cause_of(open()), Problem::Foreign);
    EXPECT_EQ(text_of(file()), before);
}

TEST_F(StateDatabase, an_older_version_is_brought_up_to_date_and_keeps_its_rows) {
    {
        Outcome<Database> old = open();
        ASSERT_TRUE(old);
        ASSERT_EQ(add(*old, 1), std::error_code{});
    }
    Outcome<Database> database = open({.migrations = kSecond});
    ASSERT_TRUE(database) << to_text(database.error());
    EXPECT_EQ(count(*database), 1);
    EXPECT_TRUE(database->run("INSERT INTO more VALUES(1)"));
}

TEST_F(StateDatabase, a_newer_version_is_refused_unchanged) {
    ASSERT_TRUE(open({.migrations = kSecond}));
    const std::string before = text_of(file());
    const Outcome<Database> opened = open();
    EXPECT_EQ(cause_of(opened), Problem::NewerVersion);
    EXPECT_TRUE(to_text(opened.error()).contains("it has version 2, this program knows 1"));
    EXPECT_EQ(text_of(file()), before);
}

TEST_F(StateDatabase, a_migration_that_fails_leaves_the_old_version) {
    constexpr std::array<std::string_view, 3> kBroken{kSecond[0], kSecond[1], "CREATE TABLE note(x)"};
    ASSERT_TRUE(open());
    EXPECT_FALSE(open({.migrations = kBroken}));
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    EXPECT_FALSE(database->prepare("SELECT * FROM more"));
}

TEST_F(StateDatabase, triggers_that_somebody_put_into_the_file_do_not_run) {
    ASSERT_TRUE(open());
    edit("CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM note; END");
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    EXPECT_EQ(add(*database, 1), std::error_code{});
    EXPECT_EQ(count(*database), 1);
}

TEST_F(StateDatabase, a_lost_table_is_damage) {
    ASSERT_TRUE(open());
    edit("DROP TABLE note");
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    const Outcome<Statement> statement = database->prepare("SELECT * FROM note");
    ASSERT_FALSE(statement);
    EXPECT_EQ(statement.error().cause, Problem::Damaged);
}

TEST_F(StateDatabase, flipped_bytes_in_its_pages_are_found) {
    {
        Outcome<Database> database = open();
        ASSERT_TRUE(database);
        ASSERT_TRUE(
            database->run("WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 2000) "
                          "INSERT INTO note SELECT id, x'00' FROM n"));
    }
    std::string bytes = text_of(file());
    for (std::size_t at = 3 * 4096; at < 3 * 4096 + 64; ++at) {
        bytes[at] = '\x5a';
    }
    put(file(), bytes);
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    const Outcome<void> checked = database->check_integrity();
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().cause, Problem::Damaged);
    EXPECT_EQ(text_of(file()), bytes);
}

TEST_F(StateDatabase, quarantine_renames_file_and_log_and_deletes_nothing) {
    put(file(), "damaged");
    put(file().string() + "-wal", "log");
    ManualClock clock{Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 9h + 30min}};

    const Outcome<fs::path> aside = quarantine(file(), clock);

    ASSERT_TRUE(aside) << to_text(aside.error());
    EXPECT_EQ(aside->filename(), "state.db.damaged-20260301T093000Z");
    EXPECT_EQ(text_of(*aside), "damaged");
    EXPECT_EQ(text_of(aside->string() + "-wal"), "log");
    EXPECT_TRUE(open());
}

TEST_F(StateDatabase, quarantine_twice_in_one_second_keeps_both) {
    ManualClock clock;
    put(file(), "first");
    const Outcome<fs::path> first = quarantine(file(), clock);
    put(file(), "second");
    const Outcome<fs::path> second = quarantine(file(), clock);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(text_of(*first), "first");
    EXPECT_EQ(text_of(*second), "second");
    EXPECT_FALSE(quarantine(file(), clock));
}

TEST_F(StateDatabase, a_second_writer_waits_no_longer_than_it_was_told) {
    Outcome<Database> first = open();
    Outcome<Database> second = open({.busy_timeout = 1ms});
    ASSERT_TRUE(first && second);
    const Outcome<Transaction> held = first->begin();
    ASSERT_TRUE(held);
    EXPECT_EQ(add(*second, 1), Problem::Busy);
}

TEST_F(StateDatabase, a_writer_that_is_stopped_is_named_with_what_lets_it_go_on) {
    Outcome<Database> database = open({.busy_timeout = 1ms});
    ASSERT_TRUE(database);
    const pid_t holder = ::fork();
    if (holder == 0) {
        Outcome<Database> own = open();
        const Outcome<Transaction> held = own->begin();
        ::raise(SIGSTOP);
        ::_exit(held ? 0 : 1);
    }
    ASSERT_EQ(::waitpid(holder, nullptr, WUNTRACED), holder);
    const Outcome<Transaction> refused = database->begin();
    ::kill(holder, SIGCONT);
    int status = 1;
    ASSERT_EQ(::waitpid(holder, &status, 0), holder);
    EXPECT_EQ(status, 0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, Problem::Busy);
    EXPECT_TRUE(refused.error().hint.contains(
        fmt::format("process {0}, which is stopped (`kill -CONT {0}` lets it go on), holds it", holder)))
        << refused.error().hint;
    EXPECT_EQ(add(*database, 1), std::error_code{}) << "it is gone";
}

TEST_F(StateDatabase, a_full_database_refuses_and_keeps_what_it_had) {
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    ASSERT_EQ(add(*database, 1), std::error_code{});
    ASSERT_TRUE(database->run("PRAGMA max_page_count=1"));  // Becomes what it has already.
    Outcome<Transaction> transaction = database->begin();
    ASSERT_TRUE(transaction);
    const Outcome<void> done = database->run("INSERT INTO note VALUES(2, zeroblob(100000))");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().cause, Problem::Full);
    EXPECT_EQ(count(*database), 1);
}

TEST_F(StateDatabase, a_forked_child_cannot_use_it_and_does_no_harm) {
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    ASSERT_EQ(add(*database, 1), std::error_code{});
    EXPECT_EQ(exit_code_of([&] {
                  const bool is_refused = add(*database, 2) == Problem::Forked;
                  const Database ended_in_the_child = std::move(*database);
                  return is_refused ? 0 : 1;
              }),
              0);
    EXPECT_TRUE(fs::exists(file().string() + "-wal"));
    EXPECT_EQ(add(*database, 2), std::error_code{});
    EXPECT_EQ(count(*database), 2);
}

// 84: state.db deleted, renamed or replaced under a running process: noticed at the next check, changes
// refused.
TEST_F(StateDatabase, t84_a_deleted_file_is_noticed_and_changes_are_refused) {
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->check_in_place());
    fs::remove(file());
    const Outcome<void> checked = database->check_in_place();
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().cause, Problem::Replaced);
    EXPECT_EQ(add(*database, 1), Problem::Replaced);
}

TEST_F(StateDatabase, t84_a_renamed_file_is_noticed_and_works_again_once_it_is_back) {
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    fs::rename(file(), folder_ / "elsewhere");
    EXPECT_EQ(add(*database, 1), Problem::Replaced);
    fs::rename(folder_ / "elsewhere", file());
    EXPECT_EQ(add(*database, 1), std::error_code{});
}

TEST_F(StateDatabase, t84_an_equal_file_in_its_place_is_noticed) {
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    fs::copy(file(), folder_ / "copy");
    fs::rename(folder_ / "copy", file());
    EXPECT_EQ(add(*database, 1), Problem::Replaced);
}

TEST_F(StateDatabase, t84_a_deleted_log_is_noticed_as_well) {
    for (const char* ending : {"-wal", "-shm"}) {
        Outcome<Database> database = open();
        ASSERT_TRUE(database);
        ASSERT_EQ(add(*database, ending[1]), std::error_code{});
        fs::remove(file().string() + ending);
        EXPECT_EQ(add(*database, 1), Problem::Replaced) << ending;
    }
}

TEST_F(StateDatabase, t84_a_file_that_goes_during_a_transaction_is_not_acknowledged) {
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    Outcome<Transaction> transaction = database->begin();
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(database->run("INSERT INTO note VALUES(1, NULL)"));
    fs::rename(file(), folder_ / "elsewhere");
    const Outcome<void> done = transaction->commit();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().cause, Problem::Replaced);
    fs::rename(folder_ / "elsewhere", file());
    EXPECT_EQ(count(*database), 0);
}

}  // namespace
}  // namespace quantconf::state
