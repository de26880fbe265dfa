#include "history/whole.hpp"

#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "audit/log.hpp"
#include "history/history.hpp"
#include "history/processes.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {
namespace {

/// What of each table is named by those who use it is checked by using it; here, that it is there.
constexpr std::array<std::string_view, 11> kTables{
    "audit",           "audit_open",     "version",     "version_layer", "version_secret", "process",
    "process_pending", "process_answer", "publication", "key_verdict",   "key_use"};

Outcome<void> check_tables(state::Database& database) {
    for (const std::string_view table : kTables) {
        QC_TRY(state::Statement any, database.prepare(fmt::format("SELECT 1 FROM {} LIMIT 1", table)));
        if (auto stepped = any.step(); !stepped) {
            return std::unexpected{std::move(stepped).error()};
        }
    }
    return {};
}

}  // namespace

Outcome<void> check_whole(state::Database& database, const Clock& clock) {
    Outcome<void> done = database.check_integrity();
    done = done ? check_tables(database) : done;
    if (!done) {
        return done;
    }
    audit::Log log{database, std::nullopt, {.clock = clock}};
    QC_TRY(const auto newest, log.head());
    static_cast<void>(newest);
    QC_TRY(const auto intents, log.unfinished());
    static_cast<void>(intents);
    History history{database, log, clock};
    QC_TRY(const auto versions, history.list({}));
    for (const VersionInfo& version : versions) {
        QC_TRY(const auto record, history.find(version.number));
        static_cast<void>(record);
    }
    QC_TRY(const auto shown, history.at(clock.now()));
    static_cast<void>(shown);
    QC_TRY(const auto living, Processes(database, clock).live());
    static_cast<void>(living);
    return {};
}

}  // namespace quantconf::history
