#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "quantconf/error.hpp"

namespace quantconf::history {

/// One file of a change: what stood there, and what shall.
struct FileEdit {
    std::filesystem::path path;
    std::optional<std::string> before;  ///< Nothing: there was no such file.
    std::optional<std::string> after;   ///< Nothing: it is removed.
};

/// Several files that change together, and what for.
struct FileChange {
    std::vector<FileEdit> edits;
    std::string note;  ///< Kept with the journal, opaque here: kind, reason, expected hash.
};

/// What apply() and recover() may find.
struct Recovered {
    FileChange change;
    bool is_finished = false;  ///< All files stand as they shall. False: undone, because nobody had begun.
};

/// Brings all files of a change into place so that a crash at any moment leaves either all old ones, or a
/// journal in `state_folder` with which recover() finishes what was begun. Takes the lock
/// `<state_folder>/change.lock`.
///
/// 1. every file still has the bytes of `before` (else Problem::Conflict naming it, nothing is written)
/// 2. the journal, with old and new bytes, is on disk (0600; change.journal)
/// 3. each file is replaced: temporary file with the mode of the old one (0644 for a new one), fsync, rename,
/// fsync of the folder
/// 4. `commit` runs (the history records the version); if it fails, every file is put back and the journal
/// removed
/// 5. the journal is removed, and that is on disk
[[nodiscard]] Outcome<void> apply(const FileChange& change, const std::filesystem::path& state_folder,
                                  const std::function<Outcome<void>()>& commit);

/// At the start: finishes a change whose journal was found. Nothing if there is none. A file that has neither
/// the old nor the new bytes has been edited since: it is left alone, named in the Error, and the journal
/// stays, renamed with
/// ".conflict", so that nothing is lost.
[[nodiscard]] Outcome<std::optional<Recovered>> recover(const std::filesystem::path& state_folder);

}  // namespace quantconf::history
