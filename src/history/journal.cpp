#include "history/journal.hpp"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>

#include "history/place.hpp"
#include "history/problem.hpp"
#include "quantconf/detail/try.hpp"
#include "state/private_file.hpp"

namespace quantconf::history {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "change.journal";
constexpr std::uint32_t kPrivate = 0600;
constexpr int kConflictsMax = 1'000;

/// Beside the bytes of the files: heads, paths, note and trailer.
constexpr std::size_t kFileBytes =
    limits::kJournalBytes + limits::kNoteBytes + 1'024 + limits::kChangedFiles * (limits::kPathBytes + 64);

}  // namespace

fs::path journal_of(const fs::path& state_folder) {
    return state_folder / kName;
}

Outcome<void> write_journal(const FileChange& change, const fs::path& state_folder) {
    QC_TRY(Place place, Place::in(state_folder, kName));
    Outcome<void> done = place.stage(encode_journal(change), kPrivate);
    done = done ? place.swap_in(std::nullopt) : done;
    done = done ? place.sync_folder() : done;
    if (!done) {  // Perhaps it has its name; nothing has been changed for its sake.
        std::ignore = place.put_back();
        std::ignore = place.discard();
    }
    return done;
}

Outcome<std::optional<FileChange>> read_journal(const fs::path& state_folder) {
    const fs::path path = journal_of(state_folder);
    QC_TRY(const std::optional<state::PrivateFile> found, state::check_private_file(path));
    if (!found) {
        return std::nullopt;
    }
    QC_TRY(const Place place, Place::in(state_folder, kName));
    QC_TRY(const std::optional<std::string> bytes, place.read(kFileBytes));
    if (!bytes) {
        return std::nullopt;
    }
    QC_TRY(FileChange change, decode_journal(*bytes, path.string()));
    return change;
}

Outcome<void> remove_journal(const fs::path& state_folder) {
    QC_TRY(Place place, Place::in(state_folder, kName));
    Outcome<void> removed = place.remove();
    return removed ? place.sync_folder() : removed;
}

Outcome<fs::path> keep_journal(const fs::path& state_folder) {
    const fs::path path = journal_of(state_folder);
    for (int i = 1; i <= kConflictsMax; ++i) {
        const fs::path kept = path.string() + (i == 1 ? ".conflict" : fmt::format(".conflict-{}", i));
        if (::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, kept.c_str(), RENAME_NOREPLACE) == 0) {
            if (Outcome<void> synced = state::sync_folder(state_folder); !synced) {
                return std::unexpected{std::move(synced).error()};
            }
            return kept;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    return refuse_errno("move aside", path.string(), errno);
}

}  // namespace quantconf::history
