#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace quantconf::state {

class Connection;

/// Keeps fork() out of SQLite, and what a child inherits of it out of the child's way.
///
/// SQLite remembers for the whole process which locks it holds on a file; a new connection to the same file
/// joins what is remembered. A child has none of these locks, and if it was forked in the middle of a
/// transaction it believes for ever in one that nobody will end. So a fork() waits until no thread is inside
/// a transaction or a call, and the first connection of the child comes after those it has inherited were
/// closed there, which touches no file: then SQLite remembers nothing.
///
/// Any thread.
class ForkGate {
public:
    /// How long a fork() waits. What lies inside takes milliseconds, and whoever waits for the lock of
    /// another process gives way. If a disk hangs, the fork goes on: its child is refused state.db by name.
    static constexpr std::chrono::seconds kWait{5};

    static ForkGate& of_process();

    void enter();
    void leave() noexcept;
    /// Whether a fork() waits and this thread is in one call alone: it may come back afterwards.
    [[nodiscard]] bool is_to_give_way();

    /// From inside: connections that are open.
    void add(Connection* connection);
    void remove(Connection* connection) noexcept;
    /// From inside, before a connection is opened: closes those that were inherited. False if that cannot be
    /// done, because the fork came in the middle of something; then no later call can help either.
    [[nodiscard]] bool leave_parent();

private:
    ForkGate();
    void before_fork();
    void in_parent();
    void in_child();

    std::mutex mutex_;
    std::condition_variable changed_;
    int inside_ = 0;  ///< Threads.
    bool is_forking_ = false;
    bool is_lost_in_child_ = false;  ///< The fork that goes on now did not wait to the end.
    bool is_lost_ = false;  ///< This process, or one above it, was forked in the middle of something.
    std::vector<Connection*> open_;
    std::vector<Connection*> inherited_;
};

/// This thread is inside a call of SQLite, or a transaction. Nests.
class InSqlite {
public:
    InSqlite() { ForkGate::of_process().enter(); }
    InSqlite(const InSqlite&) = delete;
    InSqlite& operator=(const InSqlite&) = delete;
    ~InSqlite() { ForkGate::of_process().leave(); }
};

}  // namespace quantconf::state
