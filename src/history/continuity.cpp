#include <string>

#include <fmt/format.h>

#include "history/history.hpp"
#include "history/rows.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {

Outcome<VersionNumber> last_number(state::Database& database) {
    QC_TRY(state::Statement row, database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'version'"));
    QC_TRY(const bool is_there, row.step());
    return is_there ? static_cast<VersionNumber>(row.number(0)) : 0;
}

Outcome<bool> History::continues(VersionNumber number, std::string_view hash) {
    QC_TRY(const VersionNumber last, last_number(database_));
    if (last < number) {
        return false;
    }
    QC_TRY(state::Statement row, database_.prepare("SELECT hash FROM version WHERE number = ?"));
    row.bind(1, stored(number));
    QC_TRY(const bool is_there, row.step());
    if (is_there) {
        return row.bytes(0) == hash;
    }
    // Forgotten, or never in here: then another process has found that out before us.
    QC_TRY(state::Statement breaks,
           database_.prepare(
               "SELECT 1 FROM version WHERE number > ? AND kind = ? AND length(reason) > 0 LIMIT 1"));
    breaks.bind(1, stored(number)).bind_blob(2, to_text(Kind::Load));
    QC_TRY(const bool has_break, breaks.step());
    return !has_break;
}

Outcome<std::optional<VersionInfo>> History::last_break(Environment environment) {
    // Only a break gives a load a reason.
    QC_TRY(state::Statement row,
           database_.prepare(fmt::format("SELECT {} FROM version WHERE environment = ? AND kind = ? AND "
                                         "length(reason) > 0 ORDER BY number DESC LIMIT 1",
                                         kInfoColumns)));
    row.bind_blob(1, name_of(environment)).bind_blob(2, to_text(Kind::Load));
    QC_TRY(const bool is_there, row.step());
    if (!is_there) {
        return std::nullopt;
    }
    QC_TRY(VersionInfo info, read_info(database_, row));
    return info;
}

}  // namespace quantconf::history
