#include "history/file_change.hpp"

#include <utility>

#include "base/assert.hpp"
#include "base/limits.hpp"
#include "history/change_lock.hpp"
#include "history/journal.hpp"
#include "history/places.hpp"
#include "history/problem.hpp"
#include "quantconf/detail/try.hpp"
#include "state/private_file.hpp"

namespace quantconf::history {
namespace {

namespace fs = std::filesystem;

/// Whether a file is to become something else. A change may list one that only must not change meanwhile.
std::function<bool(std::size_t)> differing(const Places& places) {
    return [&](std::size_t i) { return places.change.edits[i].before != places.change.edits[i].after; };
}

/// Before anything is written: can all of it be done, and is it still the right thing?
Outcome<void> check_all(const Places& places) {
    for (std::size_t i = 0; i < places.places.size(); ++i) {
        const Place& place = places.places[i];
        const FileEdit& edit = places.change.edits[i];
        if (Outcome<void> writable = place.check_writable(); !writable && edit.before != edit.after) {
            return writable;
        }
        QC_TRY(const std::optional<std::string> now, place.read(quantconf::limits::kFileBytes));
        if (now != edit.before) {
            return refuse("change", edit.path.string(), Problem::Conflict,
                          "nothing was changed; read it again and repeat the change");
        }
    }
    return {};
}

/// All files as they were, or an Error that says what is not.
Error undo(Places& places, const fs::path& state_folder, Error reason) {
    Outcome<void> undone = put_back_all(places);
    if (const std::string notes = notes_of(places); !notes.empty()) {
        reason.hint += (reason.hint.empty() ? "" : "; ") + notes;
    }
    undone = undone ? remove_journal(state_folder) : undone;
    if (!undone) {
        reason.hint += (reason.hint.empty() ? "" : "; ") + to_text(undone.error()) +
                       "; the next start finishes or undoes the change with " +
                       journal_of(state_folder).string();
    }
    return reason;
}

}  // namespace

Outcome<void> apply(const FileChange& change, const fs::path& state_folder,
                    const std::function<Outcome<void>()>& commit, const ChangeOptions& options) {
    QC_ASSERT(commit);
    if (Outcome<void> checked = state::check_private_folder(state_folder); !checked) {
        return checked;
    }
    QC_TRY(const ChangeLock lock, ChangeLock::acquire(state_folder, options.lock_timeout));
    if (is_changing(state_folder)) {
        return refuse(
            "change", "files", Problem::Unfinished,
            "nothing was changed; the next start finishes it with " + journal_of(state_folder).string());
    }
    QC_TRY(Places places, find_places(change));
    Outcome<void> good = check_size(places.change);
    good = good ? check_all(places) : good;
    good = good && options.still_holds ? options.still_holds() : good;
    if (!good) {
        return good;
    }
    discard_all(places);  // What is left of earlier ones; from here on only this change uses these names.
    if (Outcome<void> written = write_journal(places.change, state_folder); !written) {
        return written;
    }
    Outcome<void> done = stage_all(places, differing(places));
    done = done ? swap_all(places, differing(places)) : done;
    done = done ? commit() : done;
    if (!done) {
        return std::unexpected{undo(places, state_folder, std::move(done).error())};
    }
    discard_all(places);
    if (const Outcome<void> removed = remove_journal(state_folder); !removed) {
        return refuse("change", "files", Problem::DurabilityUnknown,
                      to_text(removed.error()) + "; everything is in place and recorded");
    }
    if (has_kept(places)) {
        return refuse("change", "files", Problem::SavedMeanwhile,
                      notes_of(places) + "; everything is in place and recorded");
    }
    return {};
}

}  // namespace quantconf::history
