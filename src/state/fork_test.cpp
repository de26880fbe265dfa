// A process that forks while it has state.db open, and perhaps is in the middle of something.
#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "state/database.hpp"
#include "state/problem.hpp"
#include "support/test_folder.hpp"

namespace quantconf::state {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, 1> kTables{"CREATE TABLE note(id INTEGER PRIMARY KEY) STRICT"};

class StateFork : public TestFolder {
protected:
    [[nodiscard]] Outcome<Database> open(std::chrono::milliseconds busy_timeout = 10s) const {
        return Database::open(file(), {.busy_timeout = busy_timeout, .migrations = kTables});
    }
    static std::error_code add(Database& database) {
        Outcome<Transaction> transaction = database.begin();
        if (!transaction) {
            return transaction.error().cause;
        }
        if (const auto done = database.run("INSERT INTO note DEFAULT VALUES"); !done) {
            return done.error().cause;
        }
        const Outcome<void> done = transaction->commit();
        return done ? std::error_code{} : done.error().cause;
    }
    /// What a child that makes a connection of its own comes to.
    [[nodiscard]] std::error_code add_anew() const {
        Outcome<Database> database = open();
        return database ? add(*database) : database.error().cause;
    }
    [[nodiscard]] std::int64_t count() const {
        Outcome<Database> database = open();
        Outcome<Statement> select = database->prepare("SELECT count(*) FROM note");
        return select && select->step().value_or(false) ? select->number(0) : -1;
    }
};

/// Two processes that say to each other how far they are.
class Signal {
public:
    Signal() { EXPECT_EQ(::pipe(ends_.data()), 0); }
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;
    ~Signal() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    void give() const { EXPECT_EQ(::write(ends_[1], "x", 1), 1); }
    void wait() const {
        char byte = 0;
        EXPECT_EQ(::read(ends_[0], &byte, 1), 1);
    }

private:
    std::array<int, 2> ends_{};
};

int exit_code_of_child(pid_t child) {
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(StateFork, a_fork_waits_for_a_transaction_of_another_thread_and_the_child_works) {
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    std::promise<void> has_begun;
    std::atomic<bool> is_done = false;
    std::thread writer{[&] {
        Outcome<Transaction> transaction = database->begin();
        EXPECT_TRUE(transaction);
        has_begun.set_value();
        std::this_thread::sleep_for(100ms);
        EXPECT_TRUE(database->run("INSERT INTO note DEFAULT VALUES"));
        is_done = true;
        EXPECT_TRUE(transaction->commit());
    }};
    has_begun.get_future().wait();
    const int code = exit_code_of([&] { return !is_done ? 1 : add_anew() ? 2 : 0; });
    writer.join();
    EXPECT_EQ(code, 0) << "1: it did not wait; 2: the child cannot write";
    EXPECT_EQ(count(), 2);
}

TEST_F(StateFork, a_thread_that_waits_for_another_process_lets_a_fork_pass_and_goes_on_waiting) {
    Outcome<Database> database = open(20s);
    ASSERT_TRUE(database);
    const Signal has_begun;
    const Signal may_end;
    const pid_t holder = ::fork();
    if (holder == 0) {
        Outcome<Database> own = open();
        Outcome<Transaction> transaction = own->begin();
        has_begun.give();
        may_end.wait();
        ::_exit(transaction && transaction->commit() ? 0 : 1);
    }
    has_begun.wait();
    std::promise<void> starts;
    std::error_code added;
    std::thread waiter{[&] {
        starts.set_value();
        added = add(*database);
    }};
    starts.get_future().wait();
    std::this_thread::sleep_for(50ms);  // Until it waits; where it does not yet, this tests less.
    const auto before = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(add_anew() ? 1 : 0);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
    may_end.give();
    waiter.join();
    EXPECT_EQ(added, std::error_code{}) << added.message();
    EXPECT_EQ(exit_code_of_child(child), 0);
    EXPECT_EQ(exit_code_of_child(holder), 0);
    EXPECT_EQ(count(), 2);
}

TEST_F(StateFork, a_child_that_was_forked_inside_of_a_transaction_is_told_so_and_leaves_it_alone) {
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    Outcome<Transaction> transaction = database->begin();
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(database->run("INSERT INTO note DEFAULT VALUES"));
    EXPECT_EQ(
        exit_code_of([&] { return add_anew() == Problem::Forked && add_anew() == Problem::Forked ? 0 : 1; }),
        0);
    ASSERT_TRUE(database->run("INSERT INTO note DEFAULT VALUES"));
    EXPECT_TRUE(transaction->commit());
    EXPECT_EQ(count(), 2);
}

// What SQLite remembers of the parent's locks would have been taken for the child's own, which has none: then
// the parent takes the log away from under it.
TEST_F(StateFork, a_child_has_locks_of_its_own_and_keeps_the_log_when_the_parent_closes) {
    std::optional<Outcome<Database>> database{open()};
    ASSERT_TRUE(*database);
    ASSERT_EQ(add(**database), std::error_code{});
    const Signal is_open;
    const Signal is_closed;
    const pid_t child = ::fork();
    if (child == 0) {
        Outcome<Database> own = open();
        const bool has_added = own && !add(*own);
        is_open.give();
        is_closed.wait();
        ::_exit(!has_added ? 1 : add(*own) ? 2 : 0);
    }
    is_open.wait();
    database.reset();
    EXPECT_TRUE(fs::exists(file().string() + "-wal"));
    is_closed.give();
    EXPECT_EQ(exit_code_of_child(child), 0) << "1: it could not write at first; 2: not afterwards";
    EXPECT_EQ(count(), 3);
}

TEST_F(StateFork, a_statement_in_the_middle_of_its_rows_neither_keeps_a_fork_nor_harms_the_child) {
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    ASSERT_EQ(add(*database), std::error_code{});
    ASSERT_EQ(add(*database), std::error_code{});
    Outcome<Statement> select = database->prepare("SELECT id FROM note");
    ASSERT_TRUE(select && select->step().value_or(false));
    EXPECT_EQ(exit_code_of([&] {
                  const bool has_added = !add_anew();
                  const bool is_refused = select->bind(1, 1).step().error().cause == Problem::Forked;
                  return has_added && is_refused && select->number(0) == 0 && select->bytes(0).empty() ? 0
                                                                                                       : 1;
              }),
              0);
    EXPECT_EQ(select->number(0), 1);
    EXPECT_TRUE(select->step().value_or(false));
}

TEST_F(StateFork, children_of_a_process_that_never_stops_writing_all_work) {
    constexpr int kChildren = 30;
    Outcome<Database> database = open();
    ASSERT_TRUE(database);
    std::atomic<bool> is_over = false;
    std::int64_t written = 0;
    std::thread writer{[&] {
        while (!is_over) {
            written += add(*database) ? 0 : 1;
            std::this_thread::sleep_for(1ms);  // SQLite's lock is not fair.
        }
    }};
    int works = 0;
    for (int i = 0; i < kChildren; ++i) {
        const int code = exit_code_of([&] { return add_anew().value(); });
        EXPECT_EQ(code, 0) << problem_category().message(code);
        works += code == 0 ? 1 : 0;
    }
    is_over = true;
    writer.join();
    EXPECT_EQ(works, kChildren);
    EXPECT_EQ(count(), written + kChildren);
}

}  // namespace
}  // namespace quantconf::state
