#pragma once

#include "quantconf/error.hpp"

namespace quantconf::state {

class Connection;

/// All of it or nothing. Made by Database::begin, which holds the write lock until the end; undone unless
/// committed. Must end before its Database, on the thread that began it: a fork() waits for that.
class Transaction {
public:
    explicit Transaction(Connection& connection);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    /// On disk when this returns without an Error. With Problem::Replaced nobody can say whether it is.
    [[nodiscard]] Outcome<void> commit();

private:
    Connection* connection_;  // Null once it has ended.
};

}  // namespace quantconf::state
