#include "apps/vault/change_report.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "apps/quantconf/change_line.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/json_output.hpp"
#include "apps/vault/silence.hpp"
#include "apps/vault/state_view.hpp"
#include "apps/vault/still_wins.hpp"
#include "base/utf8.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::app {
namespace {

/// A process that reads the files, and what it shows another value of all the same.
struct Reader {
    history::ProcessRow row = {};
    std::vector<StillWins> wins = {};
};
using Readers = std::vector<Reader>;
using Rows = std::vector<history::ProcessRow>;

constexpr std::chrono::milliseconds kLookAtMost{3'000};  ///< Several times the debounce of a follower.
constexpr std::chrono::milliseconds kLookPause{20};

/// Where a value stands after the change; where it stood, if it is gone.
std::optional<layers::SetBy> place_of(const Session& session, const MadeChange& made,
                                      const layers::Change& change) {
    const bool is_gone = change.to == nullptr;
    const layers::Candidate* candidate = is_gone ? made.before : made.after;
    if (candidate == nullptr) {
        return std::nullopt;
    }
    const auto set_by = layers::explain(*candidate, session.schema(), change.path);
    if (set_by) {
        for (const layers::SetBy& one : *set_by) {
            if (one.wins && one.position.line != 0) {
                return one;
            }
        }
    }
    return std::nullopt;
}

std::vector<ChangedPath> changed_paths(const Session& session, const MadeChange& made) {
    std::vector<ChangedPath> paths;
    for (const layers::Change& change : made.changes) {
        const auto place = place_of(session, made, change);
        paths.push_back({.path = change.path, .layer = place ? place->layer : std::string{"environment"}});
    }
    return paths;
}

/// Whoever has refused what was there before may take this change, which perhaps mends it. Followers get a
/// moment to say so.
Outcome<Rows> let_refusers_look(StateView& state, Rows rows, std::optional<Environment> readers) {
    const auto deadline = std::chrono::steady_clock::now() + kLookAtMost;
    const auto may_still_look = [](const history::ProcessRow& row) {
        return !row.status.last_reload_ok && row.status.following == Following::Active &&
               !is_stopped(row.identity);
    };
    const Rows before = rows;
    // Another version with the old refusal: it is published, and the rest of the row follows at once.
    const auto is_as_before = [&](const history::ProcessRow& row) {
        return std::ranges::any_of(before, [&](const history::ProcessRow& old) {
            return old.id == row.id &&
                   (old.updated == row.updated || old.status.version != row.status.version);
        });
    };
    while (std::chrono::steady_clock::now() < deadline &&
           std::ranges::any_of(rows, [&](const history::ProcessRow& row) {
               return may_still_look(row) && is_as_before(row);
           })) {
        std::this_thread::sleep_for(kLookPause);
        QC_TRY(auto all, state.processes().live());
        rows = of_environment(std::move(all), readers);
    }
    return rows;
}

Outcome<Readers> find_readers(const Session& session, const MadeChange& made) {
    Readers readers;
    QC_TRY(const auto state, StateView::open(session));
    if (state == nullptr) {
        return readers;
    }
    QC_TRY(auto rows, state->processes().live());
    rows = of_environment(std::move(rows), made.readers);
    if (!made.dry_run && !made.changes.empty()) {
        QC_TRY(rows, let_refusers_look(*state, std::move(rows), made.readers));
    }
    const auto paths = changed_paths(session, made);
    for (history::ProcessRow& row : of_environment(std::move(rows), made.readers)) {
        auto wins = still_wins(session, *state, row, paths);
        readers.push_back(
            {.row = std::move(row), .wins = wins ? *std::move(wins) : std::vector<StillWins>{}});
    }
    return readers;
}

std::string how_it_reads(Following following) {
    switch (following) {
        case Following::Off:
            return "looks at the files when it reloads";
        case Following::Polling:
            return "looks at the files now and then";
        default:
            return "follows the files";
    }
}

/// Whether it goes on with what it had.
bool has_refused(const MadeChange& made, const history::ProcessRow& row) {
    return !made.dry_run && !row.status.last_reload_ok;
}

void print_reader(const Session& session, const MadeChange& made, const Reader& reader) {
    const Terminal& out = session.out();
    if (has_refused(made, reader.row)) {
        out.print(fmt::format("{} {} ({}), which goes on with v{}: {}\n", out.red("refused by"),
                              called(reader.row.identity), name_of(reader.row.status.environment),
                              reader.row.status.version, escaped(reader.row.status.last_error)));
        return;
    }
    const bool is_held = is_stopped(reader.row.identity);
    const std::string_view word = is_held                                         ? "not seen by"
                                  : reader.row.status.following == Following::Off ? "not followed by"
                                                                                  : "seen by";
    out.print(fmt::format("{} {} ({}, {})\n", word, called(reader.row.identity),
                          name_of(reader.row.status.environment),
                          is_held ? "is stopped" : how_it_reads(reader.row.status.following)));
    for (const StillWins& one : reader.wins) {
        out.print(fmt::format("  where {} still wins for {}{}\n", escaped(describe(one)), one.path,
                              one.value ? ": " + escaped(*one.value) : ""));
    }
}

void print_readers(const Session& session, const MadeChange& made, const Readers& readers) {
    if (readers.empty()) {
        session.out().print(made.dry_run ? "no process is running\n"
                                         : "no process is running; the next start reads it\n");
    }
    for (const Reader& reader : readers) {
        print_reader(session, made, reader);
    }
}

void print_text(const Session& session, const MadeChange& made, const Readers& readers) {
    const Terminal& out = session.out();
    for (const layers::Change& change : made.changes) {
        const auto place = place_of(session, made, change);
        out.print(change_line(session, change) +
                  (place ? fmt::format("  {}:{}:{}", escaped(place->location), place->position.line,
                                       place->position.column)
                         : "") +
                  "\n");
    }
    if (made.changes.empty()) {
        out.print(made.is_written ? "the file says it now; the effective values were those already\n"
                                  : "nothing to change: the effective values are those already\n");
    }
    for (const std::string& path : readers.empty() ? std::vector<std::string>{} : made.pending) {
        out.print(fmt::format("{} waits for a restart of each process that runs\n", path));
    }
    if (made.dry_run) {
        out.print("nothing was written: --dry-run\n");
    } else if (!made.changes.empty() || made.is_written) {
        out.print(
            made.rolled_back_to
                ? fmt::format("{} is again what it was in v{}; this is v{}\n",
                              name_of(made.version.environment), *made.rolled_back_to, made.version.number)
                : fmt::format("this is v{} of {}\n", made.version.number, name_of(made.version.environment)));
    }
    if (!made.changes.empty()) {
        print_readers(session, made, readers);
    }
}

void print_json(const Session& session, const MadeChange& made, const Readers& readers) {
    JsonWriter json;
    json.begin_object().member("action", made.action).member("dry_run", made.dry_run);
    write_number(json, "version", made.version.number);
    json.member("hash", made.version.hash).member("environment", name_of(made.version.environment));
    if (made.rolled_back_to) {
        json.member("rolled_back_to", *made.rolled_back_to);
    }
    json.key("changes").begin_array();
    for (const layers::Change& change : made.changes) {
        write_change(json, session.schema(), change);
    }
    json.end_array().key("places").begin_array();
    for (const layers::Change& change : made.changes) {
        if (const auto place = place_of(session, made, change)) {
            json.begin_object()
                .member("path", change.path)
                .member("layer", place->layer)
                .member("file", place->location)
                .member("line", place->position.line)
                .member("column", place->position.column)
                .end_object();
        }
    }
    json.end_array();
    write_texts(json, "pending", made.pending);
    json.key("processes").begin_array();
    for (const Reader& reader : readers) {
        write_process(json, reader.row);
    }
    json.end_array().key("refused_by").begin_array();
    for (const Reader& reader : readers) {
        if (has_refused(made, reader.row)) {
            json.begin_object()
                .member("pid", reader.row.identity.pid)
                .member("host", reader.row.identity.host)
                .member("why", reader.row.status.last_error)
                .end_object();
        }
    }
    json.end_array().key("still_wins").begin_array();
    for (const Reader& reader : readers) {
        for (const StillWins& one : reader.wins) {
            json.begin_object()
                .member("pid", reader.row.identity.pid)
                .member("host", reader.row.identity.host)
                .member("path", one.path)
                .member("layer", one.layer)
                .member("name", one.name)
                .key("value");
            one.value ? json.value(*one.value) : json.null();
            json.end_object();
        }
    }
    json.end_array().end_object();
    session.out().print(json.take());
}

}  // namespace

int print_change(const Session& session, const MadeChange& change) {
    Readers readers;
    if (auto found = find_readers(session, change)) {  // The change is made; who sees it is only told.
        readers = *std::move(found);
    }
    if (session.arguments().format == "json") {
        print_json(session, change, readers);
    } else {
        print_text(session, change, readers);
    }
    const bool is_refused = !change.changes.empty() && std::ranges::any_of(readers, [&](const Reader& one) {
        return has_refused(change, one.row);
    });
    return is_refused ? kAnswerIsNo : kFine;
}

}  // namespace quantconf::app
