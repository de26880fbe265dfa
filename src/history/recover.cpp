#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "history/change_lock.hpp"
#include "history/file_change.hpp"
#include "history/journal.hpp"
#include "history/places.hpp"
#include "history/problem.hpp"
#include "quantconf/detail/try.hpp"
#include "state/private_file.hpp"

namespace quantconf::history {
namespace {

namespace fs = std::filesystem;

/// How far an interrupted change had come.
struct Progress {
    std::vector<bool> is_old;  ///< Each file that still has to be replaced.
    bool has_begun = false;    ///< Some file has its new bytes, and these are not the old ones.
    std::string edited;        ///< A file with other bytes; empty if there is none.
};

Outcome<Progress> look(Places& places) {
    Progress progress;
    for (std::size_t i = 0; i < places.places.size(); ++i) {
        const FileEdit& edit = places.change.edits[i];
        QC_TRY(const bool is_saved, places.places[i].give_back_saved(edit.before, edit.after));
        if (is_saved && progress.edited.empty()) {
            progress.edited = edit.path.string();
        }
        QC_TRY(const std::optional<std::string> now, places.places[i].read(quantconf::limits::kFileBytes));
        progress.is_old.push_back(now == edit.before && now != edit.after);
        progress.has_begun = progress.has_begun || (now == edit.after && now != edit.before);
        if (now != edit.before && now != edit.after && progress.edited.empty()) {
            progress.edited = edit.path.string();
        }
    }
    return progress;
}

std::unexpected<Error> edited_since(Places& places, const std::string& file, const fs::path& state_folder) {
    discard_all(places);
    const std::string notes = notes_of(places);
    Outcome<fs::path> kept = keep_journal(state_folder);
    if (!kept) {
        return std::unexpected{std::move(kept).error()};
    }
    return refuse(
        "finish the change of", file, Problem::Conflict,
        fmt::format("it was edited after a change was interrupted; no other file was touched, and {} has "
                    "the old and the new text of each{}{}",
                    kept->string(), notes.empty() ? "" : "; ", notes));
}

Outcome<void> finish(Places& places, const Progress& progress) {
    const auto is_old = [&](std::size_t i) { return progress.is_old[i]; };
    Outcome<void> done = stage_all(places, is_old);
    // Also the folders of files that were replaced before the crash: nobody knows whether they are on disk.
    return done ? swap_all(places, is_old) : done;
}

}  // namespace

bool is_changing(const fs::path& state_folder) {
    return state::identity_of(journal_of(state_folder)).has_value();
}

Outcome<void> wait_for_change(const fs::path& state_folder, const ChangeOptions& options) {
    if (!is_changing(state_folder)) {
        return {};
    }
    QC_TRY(const ChangeLock lock, ChangeLock::acquire(state_folder, options.lock_timeout));
    if (!is_changing(state_folder)) {
        return {};
    }
    return refuse("read", "files", Problem::Unfinished,
                  "a change of them was interrupted; the next start or change finishes it with " +
                      journal_of(state_folder).string());
}

Outcome<std::optional<Recovered>> recover(const fs::path& state_folder,
                                          const std::function<Outcome<void>(const Recovered&)>& commit,
                                          const ChangeOptions& options) {
    if (!is_changing(state_folder)) {
        return std::nullopt;  // Without the lock: who only starts waits for nobody.
    }
    if (Outcome<void> checked = state::check_private_folder(state_folder); !checked) {
        return std::unexpected{std::move(checked).error()};
    }
    QC_TRY(const ChangeLock lock, ChangeLock::acquire(state_folder, options.lock_timeout));
    QC_TRY(const std::optional<FileChange> change, read_journal(state_folder));
    if (!change) {
        return std::nullopt;  // It belonged to somebody who is done now.
    }
    QC_TRY(Places places, find_places(*change));
    QC_TRY(const Progress progress, look(places));
    if (!progress.edited.empty()) {
        return edited_since(places, progress.edited, state_folder);
    }
    Recovered recovered{.change = places.change, .is_finished = progress.has_begun};
    Outcome<void> done;
    if (recovered.is_finished) {
        done = finish(places, progress);
        done = done && commit ? commit(recovered) : done;
    }
    if (done) {
        discard_all(places);
        done = remove_journal(state_folder);
    }
    if (!done) {
        return std::unexpected{std::move(done).error()};
    }
    return recovered;
}

}  // namespace quantconf::history
