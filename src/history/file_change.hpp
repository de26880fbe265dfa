#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "history/limits.hpp"
#include "quantconf/error.hpp"

namespace quantconf::history {

/// One file of a change: what stood there, and what shall.
struct FileEdit {
    /// A symbolic link stays; the file that it leads to is changed.
    std::filesystem::path path = {};
    std::optional<std::string> before = {};  ///< Nothing: there was no such file.
    std::optional<std::string> after = {};   ///< Nothing: it is removed.

    friend bool operator==(const FileEdit&, const FileEdit&) = default;
};

/// Several files that change together, and what for. At most limits::kChangedFiles, each at most
/// quantconf::limits::kFileBytes, all of them limits::kJournalBytes.
struct FileChange {
    std::vector<FileEdit> edits = {};
    std::string note = {};  ///< Kept with the journal, opaque here: kind, reason, expected hash.

    friend bool operator==(const FileChange&, const FileChange&) = default;
};

/// What recover() found.
struct Recovered {
    FileChange change = {};  ///< Paths are absolute.
    /// All files stand as they shall. False: undone, because nobody had begun.
    bool is_finished = false;
};

struct ChangeOptions {
    /// How long to wait for another process; then Problem::Locked, which names it.
    std::chrono::milliseconds lock_timeout = limits::kLockTimeout;
    /// Of apply(): asked with the lock held and before anything is written. Whether everything else that the
    /// change was made for, such as the files that it leaves alone, is still so.
    std::function<Outcome<void>()> still_holds = {};
};

/// Brings all files of a change into place so that a crash at any moment leaves either all old ones, or a
/// journal in `state_folder` with which recover() finishes what was begun. Takes the lock
/// `<state_folder>/change.lock`.
///
/// 1. every file still has the bytes of `before` (else Problem::Conflict) and every folder can be written
/// (else
///    Problem::ReadOnly); nothing is written otherwise
/// 2. the journal, with old and new bytes, is on disk (0600; change.journal)
/// 3. every new file is written beside the old one, as .NAME.quantconf-change, with the mode, owner, group,
///    access list and attributes of the old one as far as we may (0644 for a new one), and brought to disk
/// 4. old and new exchange their names, and that is on disk; what comes out is compared once more with
/// `before`, so
///    that nobody's edit is lost: whoever saved last has the name, and any other text that is not of the
///    change is kept beside it, as NAME.conflict-1, -2, ...
/// 5. `commit` runs (the history records the version)
/// 6. the old files are removed, then the journal, and that is on disk
///
/// An Error means that all old files are in place, or what somebody has saved over them: names are exchanged
/// back, which needs no space. Exceptions, and each says so: where putting back failed as well, the journal
/// stays for recover(); Problem::DurabilityUnknown means that everything was done, but perhaps the journal
/// comes back; Problem::SavedMeanwhile that everything was done, and a text that somebody saved is kept
/// beside. Problem::Unfinished: there is a journal already.
[[nodiscard]] Outcome<void> apply(const FileChange& change, const std::filesystem::path& state_folder,
                                  const std::function<Outcome<void>()>& commit,
                                  const ChangeOptions& options = {});

/// Whether files are being changed, or a change was interrupted: whoever reads layers now may see some old
/// and some new ones, and values that the history does not know yet. A reader asks before it reads and after
/// it has read everything twice; then it waits and reads again, or calls recover(), which does the waiting.
[[nodiscard]] bool is_changing(const std::filesystem::path& state_folder);

/// For who only reads: waits until nobody is changing files; Problem::Unfinished if somebody was interrupted.
[[nodiscard]] Outcome<void> wait_for_change(const std::filesystem::path& state_folder,
                                            const ChangeOptions& options = {});

/// At the start: finishes a change whose journal was found, or forgets it if no file had been replaced.
/// Nothing if there is none. `commit` runs before the journal is removed, only for what was finished, and may
/// find that the interrupted process had come so far already; if it fails, the journal stays.
///
/// A file that has neither the old nor the new bytes has been edited since, or was saved while names were
/// being exchanged, and then gets its name back: no other is touched, the Error (Problem::Conflict) names it,
/// and the journal is renamed with ".conflict", so that nothing is lost.
[[nodiscard]] Outcome<std::optional<Recovered>> recover(
    const std::filesystem::path& state_folder,
    const std::function<Outcome<void>(const Recovered&)>& commit = {}, const ChangeOptions& options = {});

}  // namespace quantconf::history
