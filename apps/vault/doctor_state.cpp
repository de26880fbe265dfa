#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "apps/vault/doctor.hpp"
#include "apps/vault/places.hpp"
#include "base/clock.hpp"
#include "history/whole.hpp"
#include "state/database.hpp"
#include "state/problem.hpp"

namespace quantconf::app {

namespace {

/// What was found fits on no line: the first finding says enough.
Check failure(const Error& error, bool has_store) {
    std::string detail = fmt::format("{}: {}", error.subject, error.cause.message());
    if (error.cause != state::Problem::Damaged) {
        return {"state", Health::Failure, std::move(detail), error.hint};
    }
    const std::string finding = error.hint.substr(0, error.hint.find_first_of(";\n"));
    return {"state", Health::Failure,
            finding.empty() ? std::move(detail) : fmt::format("{} ({})", detail, finding),
            has_store ? "put it back from a backup; what runs goes on, but nothing can be changed or recorded"
                      : "put it back from a backup; or start a program of this folder: it keeps the file as "
                        "state.db.damaged-TIME and begins a new history"};
}

}  // namespace

void check_state(const Session& session, Checks& checks) {
    const std::filesystem::path file = session.state_dir() / "state.db";
    auto database = state::Database::open(file, {.access = state::Access::WriteOrRead});
    if (!database) {
        checks.push_back(database.error().cause == state::Problem::Missing
                             ? Check{"state", Health::Ok, "nothing has been recorded yet", {}}
                             : failure(database.error(), has_store(session)));
        return;
    }
    const SystemClock clock;
    const Outcome<void> whole = history::check_whole(*database, clock);
    checks.push_back(whole ? Check{"state", Health::Ok, fmt::format("{} is whole", file.string()), {}}
                           : failure(whole.error(), has_store(session)));
}

}  // namespace quantconf::app
