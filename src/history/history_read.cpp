#include <string>

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "history/history.hpp"
#include "history/limits.hpp"
#include "history/rows.hpp"
#include "history/shown_text.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {
namespace {

Outcome<void> read_layers(state::Database& database, VersionRecord& record) {
    QC_TRY(
        state::Statement rows,
        database.prepare("SELECT layer, name, sha256 FROM version_layer WHERE version = ? ORDER BY place"));
    rows.bind(1, stored(record.info.number));
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return {};
        }
        record.layers.push_back({.layer = shown_text(rows.bytes(0), limits::kPathBytes),
                                 .name = shown_text(rows.bytes(1), limits::kPathBytes),
                                 .sha256 = shown_text(rows.bytes(2), limits::kPathBytes)});
    }
}

Outcome<void> read_secrets(state::Database& database, VersionRecord& record) {
    QC_TRY(state::Statement rows,
           database.prepare("SELECT name, number FROM version_secret WHERE version = ? ORDER BY name"));
    rows.bind(1, stored(record.info.number));
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return {};
        }
        record.secrets.emplace_back(shown_text(rows.bytes(0), limits::kPathBytes),
                                    static_cast<std::uint32_t>(rows.number(1)));
    }
}

}  // namespace

Outcome<bool> History::was_shown(VersionNumber number) {
    QC_TRY(state::Statement row, database_.prepare("SELECT 1 FROM publication WHERE version = ? LIMIT 1"));
    row.bind(1, stored(number));
    return row.step();
}

Outcome<std::optional<VersionInfo>> History::head(Environment environment) {
    QC_TRY(const std::vector<VersionInfo> newest, list({.environment = environment, .limit = 1}));
    return newest.empty() ? std::nullopt : std::optional{newest.front()};
}

Outcome<std::vector<VersionInfo>> History::list(const Filter& filter) {
    const std::string_view where = filter.environment ? "WHERE environment = ?2" : "";
    QC_TRY(state::Statement rows,
           database_.prepare(
               fmt::format("SELECT {} FROM version {} ORDER BY number DESC LIMIT ?1", kInfoColumns, where)));
    constexpr std::int64_t kAll = -1;
    rows.bind(1, filter.limit == 0 ? kAll : stored(filter.limit));
    if (filter.environment) {
        rows.bind_blob(2, name_of(*filter.environment));
    }
    std::vector<VersionInfo> versions;
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return versions;
        }
        QC_TRY(VersionInfo info, read_info(database_, rows));
        versions.push_back(std::move(info));
    }
}

Outcome<std::optional<VersionRecord>> History::find(VersionNumber number) {
    // While this statement stands on its row, those below see the same moment of the database: nothing is
    // forgotten in between.
    QC_TRY(state::Statement row, database_.prepare(fmt::format("SELECT {}, canonical FROM version "
                                                               "WHERE number = ?",
                                                               kInfoColumns)));
    row.bind(1, stored(number));
    QC_TRY(const bool is_there, row.step());
    if (!is_there) {
        return std::nullopt;
    }
    VersionRecord record;
    QC_TRY(record.info, read_info(database_, row));
    record.canonical = row.bytes(kInfoColumnCount);
    if (crypto::sha256_hex(record.canonical) != record.info.hash) {
        return damaged(database_, "version", row.number(0));
    }
    Outcome<void> done = read_layers(database_, record);
    done = done ? read_secrets(database_, record) : done;
    if (!done) {
        return std::unexpected{std::move(done).error()};
    }
    return record;
}

Outcome<std::vector<LiveAt>> History::at(Time moment) {
    // Where the next publication is forgotten, `replaced` says that the one that is left did not last.
    QC_TRY(state::Statement rows,
           database_.prepare("SELECT p.id, p.host, p.pid, p.program, u.version, u.at, "
                             "p.ended IS NOT NULL AND p.ended < ?1 "
                             "FROM process p JOIN publication u ON u.id = (SELECT id FROM publication WHERE "
                             "process = p.id AND at <= ?1 ORDER BY id DESC LIMIT 1) "
                             "WHERE (p.ended IS NULL OR p.ended >= ?1 OR p.noticed >= ?1) "
                             "AND (u.replaced IS NULL OR u.replaced > ?1) ORDER BY p.id"));
    rows.bind(1, microseconds_of(moment));
    std::vector<LiveAt> live;
    while (true) {
        QC_TRY(const bool has_row, rows.step());
        if (!has_row) {
            return live;
        }
        live.push_back({.process = rows.number(0),
                        .host = shown_text(rows.bytes(1), limits::kHostBytes),
                        .pid = rows.number(2),
                        .program = shown_text(rows.bytes(3), limits::kProgramBytes),
                        .version = static_cast<VersionNumber>(rows.number(4)),
                        .since = time_of(rows.number(5)),
                        .may_have_ended = rows.number(6) != 0});
    }
}

}  // namespace quantconf::history
