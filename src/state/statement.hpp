#pragma once

#include <cstdint>
#include <string_view>

#include "quantconf/error.hpp"

struct sqlite3_stmt;

namespace quantconf::state {

class Connection;

/// One SQL statement, made by Database::prepare. Must end before its Database. One thread at a time.
class Statement {
public:
    Statement(Connection& connection, sqlite3_stmt* statement) noexcept
        : connection_{&connection}, statement_{statement} {}
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    /// Parameters count from 1. The bytes are copied.
    Statement& bind(int parameter, std::int64_t number);
    Statement& bind_blob(int parameter, std::string_view bytes);

    /// True with a row to read, false at the end.
    [[nodiscard]] Outcome<bool> step();
    /// step() for a statement without rows; ready to be bound and run again.
    [[nodiscard]] Outcome<void> run();
    /// Back to the start, so that it can run again; parameters keep their values.
    void reset() noexcept;

    /// Columns count from 0.
    [[nodiscard]] std::int64_t number(int column) const;
    /// Ends with the next step(), reset() or the statement.
    [[nodiscard]] std::string_view bytes(int column) const;

private:
    Connection* connection_;
    sqlite3_stmt* statement_;
};

}  // namespace quantconf::state
