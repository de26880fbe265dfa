#include "state/migrations.hpp"

#include <array>

namespace quantconf::state {

std::span<const std::string_view> migrations() {
    static constexpr std::array<std::string_view, 1> kMigrations{
        // Beside its bytes a record has no columns to search by: they would not be under the MAC, and whoever
        // edits the file could make the list say one thing and the proof another.
        "CREATE TABLE audit(seq INTEGER PRIMARY KEY, record BLOB NOT NULL, mac BLOB NOT NULL) STRICT;"
        // Intents without a result, so that a start does not have to read the whole chain. A hint: the
        // chain is what counts.
        "CREATE TABLE audit_open(seq INTEGER PRIMARY KEY) STRICT;",
    };
    return kMigrations;
}

}  // namespace quantconf::state
