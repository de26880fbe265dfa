#include "history/history.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "crypto/sha256.hpp"
#include "history/leaves.hpp"
#include "history/limits.hpp"
#include "history/problem.hpp"
#include "history/rows.hpp"
#include "history/shown_text.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {
namespace {

/// Who acts on purpose wants a version of that act, also where the values are those that are shown.
bool is_deliberate(Kind kind) {
    return kind == Kind::Update || kind == Kind::Rollback;
}

bool is_same(const std::optional<VersionInfo>& known, const NewVersion& version) {
    return known && known->environment == version.environment && known->hash == version.hash &&
           known->number > version.follows;
}

audit::Action action_of(Kind kind) {
    switch (kind) {
        case Kind::Update:
            return audit::Action::ConfigUpdate;
        case Kind::Rollback:
            return audit::Action::ConfigRollback;
        default:
            return audit::Action::ConfigPublish;
    }
}

Outcome<void> check_size(const NewVersion& version, const std::string& subject) {
    const auto is_within = [&](std::size_t count, std::size_t limit, std::string_view what) -> Outcome<void> {
        if (count > limit) {
            return refuse("record a version in", subject, Problem::TooLarge,
                          fmt::format("it has {} {}, and {} are the most", count, what, limit));
        }
        return {};
    };
    Outcome<void> fits = is_within(version.canonical.size(), limits::kCanonicalBytes, "bytes of values");
    fits = fits ? is_within(version.layers.size(), limits::kLayerRecords, "layers") : fits;
    return fits ? is_within(version.secrets.size(), limits::kSecrets, "secrets") : fits;
}

/// A row that is there and was not removed. One that was taken for dead lives, since it publishes.
Outcome<void> check_process(state::Database& database, ProcessId process) {
    QC_TRY(state::Statement row,
           database.prepare("SELECT 1 FROM process WHERE id = ? AND (ended IS NULL OR noticed IS NOT NULL)"));
    row.bind(1, process);
    QC_TRY(const bool is_there, row.step());
    if (!is_there) {
        return refuse("record a version in", database.path().string(), Problem::NoSuchProcess,
                      fmt::format("row {} of the process table was removed", process));
    }
    return {};
}

/// What a process shows; nothing if it has published nothing yet, or that is forgotten.
Outcome<std::optional<VersionInfo>> shown_by(state::Database& database, ProcessId process) {
    QC_TRY(state::Statement row,
           database.prepare(fmt::format("SELECT {} FROM version WHERE number = "
                                        "(SELECT version FROM publication WHERE process = ? ORDER BY id DESC "
                                        "LIMIT 1)",
                                        kInfoColumns)));
    row.bind(1, process);
    QC_TRY(const bool is_there, row.step());
    if (!is_there) {
        return std::nullopt;
    }
    QC_TRY(VersionInfo info, read_info(database, row));
    return info;
}

Outcome<std::string> canonical_of(state::Database& database, VersionNumber number) {
    QC_TRY(state::Statement row, database.prepare("SELECT canonical FROM version WHERE number = ?"));
    row.bind(1, stored(number));
    QC_TRY(const bool is_there, row.step());
    return is_there ? std::string{row.bytes(0)} : std::string{};
}

Outcome<void> add_layers(state::Database& database, const NewVersion& version, VersionNumber number) {
    QC_TRY(state::Statement insert, database.prepare("INSERT INTO version_layer VALUES(?, ?, ?, ?, ?)"));
    std::int64_t place = 0;
    for (const LayerRecord& layer : version.layers) {
        insert.bind(1, stored(number)).bind(2, ++place);
        insert.bind_blob(3, bytes_of(shown_text(layer.layer, limits::kPathBytes)));
        insert.bind_blob(4, bytes_of(shown_text(layer.name, limits::kPathBytes)));
        insert.bind_blob(5, bytes_of(shown_text(layer.sha256, limits::kPathBytes)));
        if (Outcome<void> done = insert.run(); !done) {
            return done;
        }
    }
    return {};
}

Outcome<void> add_secrets(state::Database& database, const NewVersion& version, VersionNumber number) {
    // One secret may have been resolved for several fields; its number is the same.
    QC_TRY(state::Statement insert,
           database.prepare("INSERT OR REPLACE INTO version_secret VALUES(?, ?, ?)"));
    for (const auto& [name, secret_number] : version.secrets) {
        insert.bind(1, stored(number)).bind_blob(2, bytes_of(shown_text(name, limits::kPathBytes)));
        insert.bind(3, secret_number);
        if (Outcome<void> done = insert.run(); !done) {
            return done;
        }
    }
    return {};
}

/// The number of a version behind a lost history; nothing: the next one.
Outcome<std::optional<VersionNumber>> number_for(state::Database& database, const NewVersion& version) {
    if (version.follows == 0) {
        return std::nullopt;
    }
    QC_TRY(const VersionNumber given, last_number(database));
    return std::max(given, version.follows) + kLostNumbers;
}

/// From now on that process shows that version.
Outcome<void> add_publication(state::Database& database, const VersionInfo& info, ProcessId process,
                              Time now) {
    QC_TRY(state::Statement replace,
           database.prepare("UPDATE publication SET replaced = ? WHERE id = "
                            "(SELECT id FROM publication WHERE process = ? ORDER BY id DESC LIMIT 1)"));
    if (Outcome<void> done = replace.bind(1, microseconds_of(now)).bind(2, process).run(); !done) {
        return done;
    }
    QC_TRY(state::Statement insert,
           database.prepare("INSERT INTO publication(version, process, at) VALUES(?, ?, ?)"));
    insert.bind(1, stored(info.number)).bind(2, process).bind(3, microseconds_of(now));
    if (Outcome<void> done = insert.run(); !done) {
        return done;
    }
    QC_TRY(state::Statement tell,
           database.prepare("UPDATE process SET version = ?, environment = ?, updated = ?, "
                            "ended = NULL, noticed = NULL WHERE id = ?"));
    tell.bind(1, stored(info.number)).bind_blob(2, name_of(info.environment));
    return tell.bind(3, microseconds_of(now)).bind(4, process).run();
}

}  // namespace

History::History(state::Database& database, audit::Log& log, const Clock& clock)
    : database_{database}, log_{log}, clock_{clock} {}

Outcome<VersionInfo> History::publish(const NewVersion& version, ProcessId process) {
    QC_ASSERT(crypto::sha256_hex(version.canonical) == version.hash);
    if (Outcome<void> fits = check_size(version, database_.path().string()); !fits) {
        return std::unexpected{std::move(fits).error()};
    }
    QC_TRY(state::Transaction transaction, database_.begin());
    const Time now = clock_.now();  // Behind the lock, so that times are in the order of numbers.
    std::optional<VersionInfo> shown;
    if (process != 0) {
        if (Outcome<void> lives = check_process(database_, process); !lives) {
            return std::unexpected{std::move(lives).error()};
        }
        QC_TRY(shown, shown_by(database_, process));
    }
    QC_TRY(const std::optional<VersionInfo> newest, head(version.environment));
    const bool has_changed_files =
        version.is_own || (!version.replaces.empty() && version.replaces != version.hash);
    const bool is_head = is_same(newest, version) && !has_changed_files;
    const bool shows_head = is_head && shown && shown->number == newest->number;
    if (!has_changed_files && is_same(shown, version) && (shows_head || !is_deliberate(version.kind))) {
        return *shown;
    }
    if (is_head && process == 0) {
        return *newest;
    }
    VersionInfo info;
    if (is_head) {
        info = *newest;
    } else {
        QC_TRY(info, add(transaction, version, newest, shown ? shown->number : 0, now));
    }
    if (process != 0) {
        if (Outcome<void> done = add_publication(database_, info, process, now); !done) {
            return std::unexpected{std::move(done).error()};
        }
    }
    if (Outcome<void> done = transaction.commit(); !done) {
        return std::unexpected{std::move(done).error()};
    }
    return info;
}

Outcome<bool> History::show_again(VersionNumber number, ProcessId process) {
    QC_TRY(state::Transaction transaction, database_.begin());
    QC_TRY(const std::optional<VersionRecord> version, find(number));
    if (!version) {
        return false;
    }
    if (Outcome<void> lives = check_process(database_, process); !lives) {
        return std::unexpected{std::move(lives).error()};
    }
    if (Outcome<void> done = add_publication(database_, version->info, process, clock_.now()); !done) {
        return std::unexpected{std::move(done).error()};
    }
    if (Outcome<void> done = transaction.commit(); !done) {
        return std::unexpected{std::move(done).error()};
    }
    return true;
}

Outcome<VersionInfo> History::add(state::Transaction& transaction, const NewVersion& version,
                                  const std::optional<VersionInfo>& parent, VersionNumber shown, Time now) {
    VersionInfo info{.hash = version.hash,
                     .environment = version.environment,
                     .at = now,
                     .author = shown_text(version.author, limits::kAuthorBytes),
                     .reason = shown_text(version.reason, limits::kReasonBytes),
                     .kind = version.kind,
                     .parent = parent ? parent->number : 0,
                     .rolled_back_to = version.rolled_back_to,
                     .changes = version.changes};
    if (info.parent == 0 || info.parent != shown) {
        QC_TRY(const std::string before, canonical_of(database_, info.parent));
        info.changes = count_changes(before.empty() ? "{}" : before, version.canonical);
    }
    QC_TRY(const auto number, number_for(database_, version));
    QC_TRY(
        state::Statement insert,
        database_.prepare("INSERT INTO version(environment, hash, at, author, reason, kind, parent, "
                          "rolled_back_to, changes, canonical, number) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                          "?) RETURNING number"));
    insert.bind_blob(1, name_of(info.environment)).bind_blob(2, info.hash).bind(3, microseconds_of(now));
    insert.bind_blob(4, bytes_of(info.author)).bind_blob(5, bytes_of(info.reason));
    insert.bind_blob(6, to_text(info.kind)).bind(7, stored(info.parent)).bind(8, stored(info.rolled_back_to));
    insert.bind(9, static_cast<std::int64_t>(info.changes)).bind_blob(10, version.canonical);
    if (number) {
        insert.bind(11, stored(*number));
    }
    QC_TRY(const bool has_number, insert.step());
    QC_ASSERT(has_number);
    info.number = static_cast<VersionNumber>(insert.number(0));
    insert.reset();
    Outcome<void> done = add_layers(database_, version, info.number);
    done = done ? add_secrets(database_, version, info.number) : done;
    if (!done) {
        return std::unexpected{std::move(done).error()};
    }
    const audit::Entry entry{
        .action = action_of(info.kind),
        .target = audit::Target::environment(name_of(info.environment)),
        .from = info.parent == 0 ? audit::Version{} : audit::Version::number(info.parent),
        .to = audit::Version::number(info.number),
        .detail = audit::Detail{}.count(info.changes).hash(info.hash)};
    if (Outcome<audit::Seq> recorded = log_.record(transaction, entry); !recorded) {
        return std::unexpected{std::move(recorded).error()};
    }
    return info;
}

}  // namespace quantconf::history
