#include "apps/vault/change_report.hpp"

#include <fmt/format.h>

#include "apps/quantconf/change_line.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/json_output.hpp"
#include "apps/vault/state_view.hpp"
#include "base/utf8.hpp"

namespace quantconf::app {
namespace {

using Rows = std::vector<history::ProcessRow>;

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

void print_readers(const Session& session, const MadeChange& made, const Rows& rows) {
    const Terminal& out = session.out();
    if (rows.empty()) {
        out.print(made.dry_run ? "no process is running\n"
                               : "no process is running; the next start reads it\n");
        return;
    }
    for (const history::ProcessRow& row : rows) {
        const bool is_deaf = row.status.following == Following::Off;
        const std::string_view how = is_deaf ? "looks at the files when it reloads"
                                     : row.status.following == Following::Polling
                                         ? "looks at the files now and then"
                                         : "follows the files";
        out.print(fmt::format("{} {} {}\n", is_deaf ? "not followed by" : "seen by", called(row.identity),
                              fmt::format("({}, {})", name_of(row.status.environment), how)));
    }
}

void print_text(const Session& session, const MadeChange& made, const Rows& rows) {
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
        out.print("nothing to change: the effective values are those already\n");
    }
    for (const std::string& path : rows.empty() ? std::vector<std::string>{} : made.pending) {
        out.print(fmt::format("{} waits for a restart of each process that runs\n", path));
    }
    if (made.dry_run) {
        out.print("nothing was written: --dry-run\n");
    } else if (!made.changes.empty()) {
        out.print(
            made.rolled_back_to
                ? fmt::format("{} is again what it was in v{}; this is v{}\n",
                              name_of(made.version.environment), *made.rolled_back_to, made.version.number)
                : fmt::format("this is v{} of {}\n", made.version.number, name_of(made.version.environment)));
    }
    if (!made.changes.empty()) {
        print_readers(session, made, rows);
    }
}

void print_json(const Session& session, const MadeChange& made, const Rows& rows) {
    JsonWriter json;
    json.begin_object().member("action", made.action).member("dry_run", made.dry_run);
    write_number(json, "version", made.version.number);
    json.member("hash", made.version.hash).member("environment", name_of(made.version.environment));
    if (made.rolled_back_to) {
        json.member("rolled_back_to", *made.rolled_back_to);
    }
    json.key("changes").begin_array();
    for (const layers::Change& change : made.changes) {
        write_change(json, change);
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
    for (const history::ProcessRow& row : rows) {
        write_process(json, row);
    }
    json.end_array().end_object();
    session.out().print(json.take());
}

}  // namespace

int print_change(const Session& session, const MadeChange& change) {
    Rows rows;
    if (auto found = running(session)) {  // The change is made; who sees it is only told.
        rows = of_environment(*std::move(found), change.readers);
    }
    if (session.arguments().format == "json") {
        print_json(session, change, rows);
    } else {
        print_text(session, change, rows);
    }
    return kFine;
}

}  // namespace quantconf::app
