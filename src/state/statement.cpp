#include "state/statement.hpp"

#include <utility>

#include <sqlite3.h>

#include "base/assert.hpp"
#include "state/connection.hpp"
#include "state/fork_gate.hpp"

namespace quantconf::state {

Statement::Statement(Statement&& other) noexcept
    : connection_{other.connection_}, statement_{std::exchange(other.statement_, nullptr)} {}

Statement::~Statement() {
    if (statement_ != nullptr && !connection_->is_forked()) {
        connection_->give_back(statement_);
    }
}

Statement& Statement::bind(int parameter, std::int64_t number) {
    if (connection_->is_forked()) {
        return *this;  // The next step() says so.
    }
    const InSqlite inside;
    const int code = sqlite3_bind_int64(statement_, parameter, number);
    QC_ASSERT(code == SQLITE_OK);
    return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
    if (connection_->is_forked()) {
        return *this;  // The next step() says so.
    }
    const InSqlite inside;
    const int code = sqlite3_bind_blob64(statement_, parameter, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    QC_ASSERT(code == SQLITE_OK);
    return *this;
}

Outcome<bool> Statement::step() {
    if (connection_->is_forked()) {  // Whether the files are in place is asked once, not for every row.
        return std::unexpected{connection_->check_in_place().error()};
    }
    return connection_->step(statement_);
}

Outcome<void> Statement::run() {
    Outcome<bool> stepped = step();
    if (!stepped) {
        return std::unexpected{std::move(stepped).error()};
    }
    QC_ASSERT(!*stepped);
    reset();
    return {};
}

void Statement::reset() noexcept {
    if (!connection_->is_forked()) {
        const InSqlite inside;
        sqlite3_reset(statement_);
    }
}

std::int64_t Statement::number(int column) const {
    return connection_->is_forked() ? 0 : sqlite3_column_int64(statement_, column);
}

std::string_view Statement::bytes(int column) const {
    if (connection_->is_forked()) {
        return {};
    }
    const InSqlite inside;
    const void* data = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return {static_cast<const char*>(data), data == nullptr ? 0 : size};
}

}  // namespace quantconf::state
