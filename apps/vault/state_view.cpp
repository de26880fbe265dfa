#include "apps/vault/state_view.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/vault/live_engine.hpp"
#include "apps/vault/places.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "quantconf/detail/try.hpp"
#include "state/problem.hpp"

namespace quantconf::app {

StateView::StateView(state::Database database)
    : database_{std::move(database)},
      log_{database_, std::nullopt, {.clock = clock_}},
      history_{database_, log_, clock_},
      processes_{database_, clock_},
      verdicts_{database_} {}

Outcome<std::unique_ptr<StateView>> StateView::open(const Session& session) {
    auto database =
        state::Database::open(session.state_dir() / "state.db", {.access = state::Access::WriteOrRead});
    if (!database && database.error().cause == state::Problem::Missing) {
        if (!has_store(session)) {
            return nullptr;
        }
        database.error().hint =
            "the history was in it, and the audit log of the secret store: put it back from a backup, or "
            "begin a "
            "new one with `quantconf secret set NAME --accept-rollback`";
    }
    if (!database) {
        return std::unexpected{std::move(database).error()};
    }
    return std::unique_ptr<StateView>{new StateView{*std::move(database)}};
}

std::optional<history::VersionNumber> parse_version(std::string_view text) {
    history::VersionNumber number = 0;
    if (!text.starts_with("v")) {
        return std::nullopt;
    }
    const auto [end, problem] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    const bool is_number = problem == std::errc{} && end == text.data() + text.size() && number != 0;
    return is_number ? std::optional{number} : std::nullopt;
}

Session::Result<history::VersionRecord> find_version(const Session& session, std::string_view text) {
    const auto number = parse_version(text);
    if (!number) {
        return std::unexpected{
            session.fail(kWrongUsage, "a version is written v12", "`quantconf history` lists them")};
    }
    const auto state = StateView::open(session);
    if (!state) {
        return std::unexpected{session.fail(state.error())};
    }
    if (*state == nullptr) {
        return std::unexpected{session.fail(
            kAnswerIsNo, fmt::format("there is no version v{}: nothing has been recorded yet", *number),
            "versions are recorded by running programs, and by `quantconf set`")};
    }
    auto found = (*state)->history().find(*number);
    if (!found) {
        return std::unexpected{session.fail(found.error())};
    }
    if (!*found) {
        return std::unexpected{session.fail(kAnswerIsNo, fmt::format("there is no version v{}", *number),
                                            "`quantconf history` lists them")};
    }
    return **std::move(found);
}

Outcome<CandidatePointer> values_of(const Session& session, const history::VersionRecord& record) {
    auto parts = live::make_parts(session.schema(), open_options(session, record.info.environment),
                                  live::References::Kept);
    if (!parts) {
        const auto* error = std::get_if<Error>(&parts.error());
        return std::unexpected{error == nullptr ? Error{.operation = "read", .subject = "a version"}
                                                : *error};
    }
    live::LoaderParts loader = parts->loader.parts();
    QC_TRY(auto loaded, live::Loader{std::move(loader)}.load_canonical(fmt::format("v{}", record.info.number),
                                                                       record.canonical));
    return std::move(loaded.candidate);
}

Session::Result<OldVersion> load_version(const Session& session, std::string_view text) {
    auto record = find_version(session, text);
    if (!record) {
        return std::unexpected{record.error()};
    }
    auto candidate = values_of(session, *record);
    if (!candidate) {
        return std::unexpected{session.fail(candidate.error())};
    }
    if (!(*candidate)->ok) {
        session.print_diagnostics((*candidate)->diagnostics);
        return std::unexpected{
            session.fail(kAnswerIsNo, fmt::format("v{} does not fit today's schema", record->info.number),
                         fmt::format("`quantconf history show v{} --format json` shows what was recorded",
                                     record->info.number))};
    }
    return OldVersion{.record = *std::move(record), .candidate = *std::move(candidate)};
}

Outcome<std::vector<history::ProcessRow>> running(const Session& session) {
    QC_TRY(const auto state, StateView::open(session));
    return state == nullptr ? std::vector<history::ProcessRow>{} : state->processes().live();
}

std::vector<history::ProcessRow> of_environment(std::vector<history::ProcessRow> rows,
                                                std::optional<Environment> environment) {
    if (environment) {
        std::erase_if(rows,
                      [&](const history::ProcessRow& row) { return row.status.environment != *environment; });
    }
    return rows;
}

std::string called(const history::ProcessIdentity& process) {
    const std::string_view program = process.program;
    return escaped(
        fmt::format("{} {} on {}", program.substr(program.rfind('/') + 1), process.pid, process.host));
}

std::string short_time(Time time) {
    constexpr std::size_t kSeconds = 19;
    return to_rfc3339(time).substr(0, kSeconds) + "Z";
}

void write_info(JsonWriter& json, const history::VersionInfo& info) {
    json.member("version", info.number)
        .member("hash", info.hash)
        .member("environment", name_of(info.environment))
        .member("at", to_rfc3339(info.at))
        .member("author", info.author)
        .member("reason", info.reason)
        .member("kind", history::to_text(info.kind))
        .member("changes", std::uint64_t{info.changes});
}

void write_process(JsonWriter& json, const history::ProcessRow& row) {
    json.begin_object()
        .member("pid", row.identity.pid)
        .member("host", row.identity.host)
        .member("program", row.identity.program)
        .member("environment", name_of(row.status.environment));
    write_number(json, "version", row.status.version);
    json.member("since", to_rfc3339(row.since))
        .member("updated", to_rfc3339(row.updated))
        .member("last_reload_ok", row.status.last_reload_ok)
        .member("last_error", row.status.last_error)
        .member("file_watcher_active", row.status.following == Following::Active)
        .member("file_watcher", history::name_of(row.status.following));
    write_texts(json, "pending", row.status.pending);
    json.end_object();
}

void write_texts(JsonWriter& json, std::string_view key, std::span<const std::string> texts) {
    json.key(key).begin_array();
    for (const std::string& text : texts) {
        json.value(text);
    }
    json.end_array();
}

void write_number(JsonWriter& json, std::string_view key, history::VersionNumber number) {
    number == 0 ? json.key(key).null() : json.member(key, number);
}

}  // namespace quantconf::app
