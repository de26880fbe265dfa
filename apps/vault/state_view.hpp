#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/quantconf/session.hpp"
#include "audit/log.hpp"
#include "base/json_writer.hpp"
#include "history/history.hpp"
#include "history/processes.hpp"
#include "sources/verdict_table.hpp"
#include "state/database.hpp"

namespace quantconf::app {

/// state.db as the commands read it that look back: versions, processes and keys.
class StateView {
public:
    /// Nothing where there is no state.db: nobody has recorded anything yet. An error if a secret store is
    /// there, which always has one.
    [[nodiscard]] static Outcome<std::unique_ptr<StateView>> open(const Session& session);

    [[nodiscard]] history::History& history() noexcept { return history_; }
    [[nodiscard]] history::Processes& processes() noexcept { return processes_; }
    [[nodiscard]] sources::VerdictTable& verdicts() noexcept { return verdicts_; }

private:
    explicit StateView(state::Database database);

    SystemClock clock_;
    state::Database database_;
    audit::Log log_;  ///< Of the history; nothing is written here.
    history::History history_;
    history::Processes processes_;
    sources::VerdictTable verdicts_;
};

/// "v12" -> 12.
[[nodiscard]] std::optional<history::VersionNumber> parse_version(std::string_view text);

/// A version of the history with its values; one that is not there, or does not fit today's schema, has been
/// reported.
struct OldVersion {
    history::VersionRecord record;
    CandidatePointer candidate;
};
[[nodiscard]] Session::Result<history::VersionRecord> find_version(const Session& session,
                                                                   std::string_view text);
[[nodiscard]] Session::Result<OldVersion> load_version(const Session& session, std::string_view text);
/// The values of a version as today's schema reads them, valid or not.
[[nodiscard]] Outcome<CandidatePointer> values_of(const Session& session,
                                                  const history::VersionRecord& record);

/// The processes that run; none without a state.db.
[[nodiscard]] Outcome<std::vector<history::ProcessRow>> running(const Session& session);
/// Those of an environment; nothing: all.
[[nodiscard]] std::vector<history::ProcessRow> of_environment(std::vector<history::ProcessRow> rows,
                                                              std::optional<Environment> environment);
/// "quantbot 4711 on host".
[[nodiscard]] std::string called(const history::ProcessIdentity& process);
/// "2026-03-01T09:30:00Z".
[[nodiscard]] std::string short_time(Time time);

/// {"version","hash","environment","at","author","reason","kind","changes"}, without the braces.
void write_info(JsonWriter& json, const history::VersionInfo& info);
/// {"pid","host","program","environment","version","since","updated","last_reload_ok","last_error",
/// "file_watcher_active","file_watcher","pending"}
void write_process(JsonWriter& json, const history::ProcessRow& row);
/// A list of texts.
void write_texts(JsonWriter& json, std::string_view key, std::span<const std::string> texts);
/// A version's number; null for 0.
void write_number(JsonWriter& json, std::string_view key, history::VersionNumber number);

}  // namespace quantconf::app
