#include "apps/vault/live_status.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <sys/statvfs.h>

#include "apps/vault/places.hpp"
#include "apps/vault/secret_health.hpp"
#include "format/write.hpp"
#include "live/parts.hpp"
#include "state/database.hpp"
#include "state/problem.hpp"

namespace quantconf::app {
namespace {

using Rows = std::vector<history::ProcessRow>;

std::string plural(std::size_t count, std::string_view one, std::string_view more) {
    return fmt::format("{} {}", count, count == 1 ? one : more);
}

/// The files as a program that starts now would read them.
void check_files(const layers::Candidate& candidate, bool somebody_runs, Checks& checks) {
    if (candidate.ok) {
        checks.push_back({"files", Health::Ok, "valid", {}});
        return;
    }
    const auto errors = std::ranges::count(candidate.diagnostics, Severity::Error, &Diagnostic::severity);
    checks.push_back(
        {"files", somebody_runs ? Health::Warning : Health::Failure,
         fmt::format("invalid, {}{}", plural(static_cast<std::size_t>(errors), "error", "errors"),
                     somebody_runs
                         ? "; processes go on with their last good version, and could not start again"
                         : "; nothing could start"),
         "`quantconf check` shows everything that is wrong"});
}

void check_unreadable(const Error& error, bool somebody_runs, Checks& checks) {
    checks.push_back({"files", somebody_runs ? Health::Warning : Health::Failure,
                      fmt::format("{}{}", to_text(Error{error.operation, error.subject, error.cause, {}}),
                                  somebody_runs ? "; processes go on with their last good version"
                                                : "; nothing could start"),
                      error.hint});
}

void check_processes(const Rows& rows, Environment environment, bool shows_one_content, Checks& checks) {
    if (rows.empty()) {
        checks.push_back(
            {"processes", Health::Ok, fmt::format("none of {} is running", name_of(environment)), {}});
        return;
    }
    history::VersionNumber oldest = rows.front().status.version;
    history::VersionNumber newest = oldest;
    for (const history::ProcessRow& row : rows) {
        oldest = std::min(oldest, row.status.version);
        newest = std::max(newest, row.status.version);
    }
    if (oldest != newest && shows_one_content) {
        checks.push_back(
            {"processes",
             Health::Ok,
             fmt::format("{} of {}, all show the same values, as v{} to v{}",
                         plural(rows.size(), "process", "processes"), name_of(environment), oldest, newest),
             {}});
        return;
    }
    checks.push_back(
        {"processes", oldest == newest ? Health::Ok : Health::Warning,
         oldest == newest ? fmt::format("{} of {}, {} v{}", plural(rows.size(), "process", "processes"),
                                        name_of(environment), rows.size() == 1 ? "shows" : "all show", newest)
                          : fmt::format("they show different versions, v{} to v{}", oldest, newest),
         oldest == newest ? ""
                          : "`quantconf health --format json` says which; has each the same variables?"});
}

void check_reloads(const Rows& rows, Checks& checks) {
    for (const history::ProcessRow& row : rows) {
        if (!row.status.last_reload_ok) {
            checks.push_back({"reload", Health::Warning,
                              fmt::format("{} has refused one, and goes on with v{}: {}",
                                          called(row.identity), row.status.version, row.status.last_error),
                              "it takes the next version that it finds right"});
        }
    }
    for (const history::ProcessRow& row : rows) {
        if (!row.status.pending.empty()) {
            checks.push_back({"restart",
                              Health::Ok,
                              fmt::format("{} has to be restarted for {}", called(row.identity),
                                          fmt::join(row.status.pending, ", ")),
                              {}});
        }
    }
}

std::size_t count_of(const Rows& rows, Following following) {
    return static_cast<std::size_t>(std::ranges::count_if(
        rows, [&](const history::ProcessRow& row) { return row.status.following == following; }));
}

/// A watcher that was never wanted is a choice; one that broke is somebody's to mend.
void check_watchers(const Rows& rows, Checks& checks) {
    if (rows.empty()) {
        return;
    }
    const std::size_t polling = count_of(rows, Following::Polling);
    const std::size_t off = count_of(rows, Following::Off);
    if (polling != 0) {
        checks.push_back(
            {"watcher", Health::Warning,
             fmt::format("broken in {} of {}: the kernel does not tell {} about changes, only "
                         "looking now and then does",
                         polling, plural(rows.size(), "process", "processes"), polling == 1 ? "it" : "them"),
             "too many inotify watches or instances? `sysctl fs.inotify` shows the limits; "
             "or is a folder unreadable?"});
    } else {
        checks.push_back(
            {"watcher",
             Health::Ok,
             off == 0
                 ? std::string{"every process follows the files"}
                 : fmt::format("{} of {} follow the files; others were made with auto_reload off, and look "
                               "when they are told",
                               rows.size() - off, plural(rows.size(), "process", "processes")),
             {}});
    }
}

Verdict verdict_of(const Checks& checks) {
    Verdict verdict = Verdict::Ok;
    for (const Check& check : checks) {
        if (check.status == Health::Failure) {
            return Verdict::Failing;
        }
        verdict = check.status == Health::Warning ? Verdict::Degraded : verdict;
    }
    return verdict;
}

/// Versions and processes, from state.db.
Outcome<void> look_into_state(StateView& state, LiveStatus& status) {
    auto rows = state.processes().live();
    if (!rows) {
        return std::unexpected{std::move(rows).error()};
    }
    status.processes = *std::move(rows);
    const SystemClock clock;
    auto silent = find_silent(state, of_environment(status.processes, status.environment), clock.now());
    if (!silent) {
        return std::unexpected{std::move(silent).error()};
    }
    status.silent = *std::move(silent);
    auto lost = state.history().last_break(status.environment);
    if (!lost) {
        return std::unexpected{std::move(lost).error()};
    }
    const bool is_remembered =
        *lost && std::ranges::any_of(status.processes, [&](const history::ProcessRow& row) {
            return row.status.environment == status.environment && row.since <= (*lost)->at;
        });
    status.history_break = is_remembered ? *std::move(lost) : std::nullopt;
    history::VersionNumber shown = 0;
    std::set<std::string> contents;
    for (const history::ProcessRow& row : of_environment(status.processes, status.environment)) {
        shown = std::max(shown, row.status.version);
        const auto version = state.history().find(row.status.version);
        contents.insert(version && *version ? (*version)->info.hash : fmt::format("v{}", row.status.version));
    }
    status.shows_one_content = contents.size() <= 1;
    auto known = state.history().list({.environment = status.environment, .limit = shown == 0 ? 1U : 0U});
    if (!known) {
        return std::unexpected{std::move(known).error()};
    }
    const auto found = std::ranges::find_if(
        *known, [&](const history::VersionInfo& info) { return shown == 0 || info.number == shown; });
    if (found == known->end()) {
        return {};
    }
    status.version = *found;
    status.last_loaded = found->at;
    const auto live = state.history().at(clock.now());
    if (!live) {
        return std::unexpected{live.error()};
    }
    for (const history::LiveAt& process : *live) {
        if (process.version == found->number) {
            status.last_loaded = std::max(*status.last_loaded, process.since);
        }
    }
    return {};
}

/// What the legacy keys are about: the values that are live, or would be.
void look_at_values(const Session& session, StateView* state, const Value& root, LiveStatus& status) {
    const Value* host = root.at("database.host");
    status.database_configured = host != nullptr && !format::to_display(*host).empty();
    const Value* monitoring = root.at("monitoring.prometheus_enabled");
    status.monitoring_enabled =
        monitoring != nullptr && monitoring->kind() == Value::Kind::Boolean && monitoring->as_boolean();
    status.keys = look_at_keys(session, state, root, status.environment, status.checks);
}

/// What a process cannot write down while its disk is full, it cannot tell us either.
void check_disk(const Session& session, Checks& checks) {
    struct statvfs disk {};
    if (::statvfs(session.state_dir().c_str(), &disk) != 0) {
        return;
    }
    const bool is_read_only = (disk.f_flag & ST_RDONLY) != 0;
    if (is_read_only || (disk.f_blocks != 0 && disk.f_bavail == 0)) {
        checks.push_back({"disk", Health::Warning,
                          fmt::format("{} {}: processes go on, and refuse changes that they cannot record",
                                      session.state_dir().string(),
                                      is_read_only ? "cannot be written" : "has no space left"),
                          is_read_only ? "mount it writable" : "free some space"});
    }
}

/// Somebody who holds state.db keeps every change from being made, while all that can be read looks fine.
/// Who only may read it changes nothing anyway.
void check_lock(const Session& session, Checks& checks) {
    constexpr std::chrono::milliseconds kPatience{200};  // Many times what a change of ours takes.
    auto database = state::Database::open(session.state_dir() / "state.db",
                                          {.access = state::Access::WriteOrRead, .busy_timeout = kPatience});
    if (database && database->is_read_only()) {
        return;
    }
    const auto lock = database ? database->begin() : std::unexpected{database.error()};
    if (!lock && lock.error().cause == state::Problem::Busy) {
        checks.push_back({"lock", Health::Warning,
                          fmt::format("{} is locked: nothing can be changed or recorded",
                                      (session.state_dir() / "state.db").string()),
                          lock.error().hint});
    }
}

/// A history that was damaged and renamed aside: somebody should look after its disk, and after what it
/// holds.
void check_set_aside(const Session& session, Checks& checks) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator{session.state_dir(), ignored}) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("state.db.damaged-") && !name.ends_with("-wal") && !name.ends_with("-shm")) {
            checks.push_back({"set_aside", Health::Warning,
                              fmt::format("a damaged history is kept as {}; a new one has begun", name),
                              "look at the disk; move the file away once nobody needs it"});
        }
    }
}

}  // namespace

Session::Result<LiveStatus> look_at_live_status(const Session& session) {
    const auto chosen = session.environment();
    if (!chosen) {
        return std::unexpected{chosen.error()};
    }
    LiveStatus status{.environment = chosen->environment};
    const auto files = session.look(*chosen);
    const auto state = StateView::open(session);
    Outcome<void> looked = state ? Outcome<void>{} : std::unexpected{state.error()};
    if (state && *state != nullptr) {
        looked = look_into_state(**state, status);
    }
    const Rows rows = of_environment(status.processes, status.environment);
    const bool is_valid = files && (*files)->ok;
    if (files) {
        check_files(**files, !rows.empty(), status.checks);
    } else {
        check_unreadable(files.error(), !rows.empty(), status.checks);
        status.can_read_files = false;
    }
    if (is_valid) {
        check_references(session, (*files)->root, status.environment, !rows.empty(), status.checks);
    }
    if (looked) {
        check_processes(rows, status.environment, status.shows_one_content, status.checks);
        check_silent(status.silent, status.checks);
        check_reloads(rows, status.checks);
        check_watchers(rows, status.checks);
        status.checks.push_back(
            {"history",
             Health::Ok,
             status.version ? fmt::format("v{} of {}", status.version->number, short_time(status.version->at))
                            : std::string{"nothing has been recorded yet"},
             {}});
        if (*state != nullptr) {
            check_lock(session, status.checks);
        }
    } else {
        const Error& error = looked.error();
        status.checks.push_back({"history", Health::Failure,
                                 fmt::format("{}; what runs goes on, but nothing can be changed or recorded",
                                             to_text(Error{error.operation, error.subject, error.cause, {}})),
                                 error.hint});
    }
    if (status.history_break) {
        status.checks.push_back(
            {"history_lost", Health::Warning,
             fmt::format("v{} of {}: {}", status.history_break->number, short_time(status.history_break->at),
                         status.history_break->reason),
             "find out who did it, and put a newer backup aside to look things up; this is shown until "
             "the processes of that time have ended"});
    }
    if (!rows.empty()) {
        check_disk(session, status.checks);
    }
    check_set_aside(session, status.checks);
    status.last_reload_ok =
        rows.empty() ? is_valid
                     : std::ranges::all_of(rows, [](const auto& row) { return row.status.last_reload_ok; });
    status.file_watcher_active = !rows.empty() && count_of(rows, Following::Active) == rows.size();
    StateView* const view = state ? state->get() : nullptr;
    if (is_valid) {
        look_at_values(session, view, (*files)->root, status);
    } else if (status.version && view != nullptr) {
        if (const auto record = view->history().find(status.version->number); record && *record) {
            if (const auto values = values_of(session, **record); values && (*values)->ok) {
                look_at_values(session, view, (*values)->root, status);
            }
        }
    }
    status.verdict = verdict_of(status.checks);
    return status;
}

}  // namespace quantconf::app
