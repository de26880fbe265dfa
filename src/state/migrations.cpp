#include "state/migrations.hpp"

#include <array>

namespace quantconf::state {

std::span<const std::string_view> migrations() {
    static constexpr std::array<std::string_view, 4> kMigrations{
        // Beside its bytes a record has no columns to search by: they would not be under the MAC, and whoever
        // edits the file could make the list say one thing and the proof another.
        "CREATE TABLE audit(seq INTEGER PRIMARY KEY, record BLOB NOT NULL, mac BLOB NOT NULL) STRICT;"
        // Intents without a result, so that a start does not have to read the whole chain. A hint: the
        // chain is what counts.
        "CREATE TABLE audit_open(seq INTEGER PRIMARY KEY) STRICT;",

        // Versions of the configuration. AUTOINCREMENT: a number that was given is never given again, also
        // when the newest versions are forgotten. `parent` and `rolled_back_to` may outlive what they name.
        "CREATE TABLE version(number INTEGER PRIMARY KEY AUTOINCREMENT, environment BLOB NOT NULL,"
        " hash BLOB NOT NULL, at INTEGER NOT NULL, author BLOB NOT NULL, reason BLOB NOT NULL,"
        " kind BLOB NOT NULL, parent INTEGER NOT NULL, rolled_back_to INTEGER NOT NULL,"
        " changes INTEGER NOT NULL, canonical BLOB NOT NULL) STRICT;"
        "CREATE INDEX version_environment ON version(environment, number);"
        "CREATE TABLE version_layer(version INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,"
        " place INTEGER NOT NULL, layer BLOB NOT NULL, name BLOB NOT NULL, sha256 BLOB NOT NULL,"
        " PRIMARY KEY(version, place)) STRICT, WITHOUT ROWID;"
        "CREATE TABLE version_secret(version INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,"
        " name BLOB NOT NULL, number INTEGER NOT NULL,"
        " PRIMARY KEY(version, name)) STRICT, WITHOUT ROWID;"
        // Processes. `ended` is NULL for those that live; `noticed` for those that said themselves when.
        "CREATE TABLE process(id INTEGER PRIMARY KEY AUTOINCREMENT, host BLOB NOT NULL, boot BLOB NOT NULL,"
        " pids INTEGER NOT NULL, pid INTEGER NOT NULL, started INTEGER NOT NULL, program BLOB NOT NULL,"
        " environment BLOB NOT NULL, version INTEGER NOT NULL, last_reload_ok INTEGER NOT NULL,"
        " last_error BLOB NOT NULL, watcher_active INTEGER NOT NULL, since INTEGER NOT NULL,"
        " updated INTEGER NOT NULL, ended INTEGER, noticed INTEGER) STRICT;"
        "CREATE INDEX process_living ON process(id) WHERE ended IS NULL;"
        "CREATE TABLE process_pending(process INTEGER NOT NULL REFERENCES process ON DELETE CASCADE,"
        " place INTEGER NOT NULL, path BLOB NOT NULL, PRIMARY KEY(process, place)) STRICT, WITHOUT ROWID;"
        // Which process showed which version from when on; `replaced` is when it showed the next one.
        "CREATE TABLE publication(id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " version INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,"
        " process INTEGER NOT NULL REFERENCES process ON DELETE CASCADE,"
        " at INTEGER NOT NULL, replaced INTEGER) STRICT;"
        "CREATE INDEX publication_process ON publication(process, id, at);"
        "CREATE INDEX publication_version ON publication(version);",

        // What each process made of the last reload that somebody asked for.
        "CREATE TABLE process_answer(process INTEGER PRIMARY KEY REFERENCES process ON DELETE CASCADE,"
        " request BLOB NOT NULL, is_accepted INTEGER NOT NULL, said BLOB NOT NULL, at INTEGER NOT NULL) "
        "STRICT;",
        // Verdicts on API keys, which are known by their fingerprints alone. Moments are microseconds of the
        // wall and nanoseconds since a boot; 0 is none. -1 is none where 0 is something.
        "CREATE TABLE key_verdict(source BLOB NOT NULL, fingerprint BLOB NOT NULL, status BLOB NOT NULL,"
        " detail BLOB NOT NULL, reason BLOB NOT NULL, since INTEGER NOT NULL, was_valid INTEGER NOT NULL,"
        " confirmed INTEGER NOT NULL, confirmed_uptime INTEGER NOT NULL, confirmed_boot BLOB NOT NULL,"
        " doubts INTEGER NOT NULL,"
        " doubted INTEGER NOT NULL, doubted_uptime INTEGER NOT NULL, doubted_boot BLOB NOT NULL,"
        " last_status BLOB NOT NULL, last_detail BLOB NOT NULL, last_reason BLOB NOT NULL,"
        " attempted INTEGER NOT NULL, attempted_uptime INTEGER NOT NULL, attempted_boot BLOB NOT NULL,"
        " failures INTEGER NOT NULL, wait INTEGER NOT NULL, remaining INTEGER NOT NULL,"
        " reset INTEGER NOT NULL, PRIMARY KEY(source, fingerprint)) STRICT, WITHOUT ROWID;"
        // Which key an environment uses for a source, for whoever may look but has no keys.
        "CREATE TABLE key_use(environment BLOB NOT NULL, source BLOB NOT NULL, fingerprint BLOB NOT NULL,"
        " at INTEGER NOT NULL, PRIMARY KEY(environment, source)) STRICT, WITHOUT ROWID;",
    };
    return kMigrations;
}

}  // namespace quantconf::state
