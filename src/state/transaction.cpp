#include "state/transaction.hpp"

#include <utility>

#include "base/assert.hpp"
#include "state/connection.hpp"
#include "state/fork_gate.hpp"
#include "state/problem.hpp"

namespace quantconf::state {
namespace {

/// Fails only where SQLite has rolled back by itself.
void roll_back(Connection& connection) {
    if (!connection.is_forked() && connection.is_in_transaction()) {
        sqlite3_exec(connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

}  // namespace

Transaction::Transaction(Connection& connection) : connection_{&connection} {
    ForkGate::of_process().enter();
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_{std::exchange(other.connection_, nullptr)} {}

Transaction::~Transaction() {
    if (connection_ != nullptr) {
        roll_back(*connection_);
        ForkGate::of_process().leave();
    }
}

Outcome<void> Transaction::commit() {
    QC_ASSERT(connection_ != nullptr);
    const InSqlite inside;
    ForkGate::of_process().leave();
    Connection& connection = *std::exchange(connection_, nullptr);
    Outcome<void> done = connection.check_in_place();
    if (done) {
        done = connection.run("COMMIT");
    }
    if (!done) {
        roll_back(connection);
        return done;
    }
    // Into a file without a name a commit succeeds as well, and is gone with the process.
    done = connection.check_in_place();
    if (!done) {
        done.error().hint = "nobody can say whether the last change is recorded; " + done.error().hint;
    }
    return done;
}

}  // namespace quantconf::state
