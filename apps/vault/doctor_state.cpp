#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "apps/vault/doctor.hpp"
#include "apps/vault/places.hpp"
#include "state/database.hpp"
#include "state/problem.hpp"

namespace quantconf::app {

namespace {

/// What SQLite has found fits on no line: the first finding says enough.
Check failure(const Error& error) {
    std::string detail = fmt::format("{}: {}", error.subject, error.cause.message());
    if (error.cause != state::Problem::Damaged) {
        return {"state", Health::Failure, std::move(detail), error.hint};
    }
    const std::string finding = error.hint.substr(0, error.hint.find('\n'));
    return {"state", Health::Failure,
            finding.empty() ? std::move(detail) : fmt::format("{} ({})", detail, finding),
            "put it back from a backup; what runs goes on, but nothing can be changed or recorded"};
}

}  // namespace

void check_state(const Session& session, Checks& checks) {
    const std::filesystem::path file = session.state_dir() / "state.db";
    auto database = state::Database::open(file, {.access = state::Access::WriteOrRead});
    if (!database) {
        checks.push_back(database.error().cause == state::Problem::Missing
                             ? Check{"state", Health::Ok, "nothing has been recorded yet", {}}
                             : failure(database.error()));
        return;
    }
    const Outcome<void> whole = database->check_integrity();
    checks.push_back(whole ? Check{"state", Health::Ok, fmt::format("{} is whole", file.string()), {}}
                           : failure(whole.error()));
}

}  // namespace quantconf::app
