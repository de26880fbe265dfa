#include "history/places.hpp"

#include <algorithm>
#include <ranges>
#include <tuple>
#include <utility>

#include "history/problem.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {
namespace {

constexpr std::uint32_t kModeOfNewFiles = 0644;

/// A folder is brought to disk behind the last of its files, before anything happens in the next one.
bool is_last_of_folder(const Places& places, std::size_t i) {
    return i + 1 == places.places.size() || places.places[i + 1].folder() != places.places[i].folder();
}

}  // namespace

Outcome<Places> find_places(const FileChange& change) {
    std::vector<std::pair<FileEdit, Place>> found;
    for (FileEdit edit : change.edits) {
        std::error_code failed;
        edit.path = std::filesystem::absolute(edit.path, failed).lexically_normal();
        if (failed) {
            return refuse_errno("change", edit.path.string(), failed.value());
        }
        QC_TRY(Place place, Place::find(edit.path));
        found.emplace_back(std::move(edit), std::move(place));
    }
    std::vector<std::size_t> order(found.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return found[i].second.folder().native(); });
    Places places{.change = {.edits = {}, .note = change.note}, .places = {}};
    for (const std::size_t i : order) {
        const auto is_same = [&](const Place& other) { return other.real() == found[i].second.real(); };
        if (std::ranges::any_of(places.places, is_same)) {
            return refuse("change", found[i].first.path.string(), Problem::Conflict,
                          "the same file is to be changed under another name too");
        }
        places.change.edits.push_back(std::move(found[i].first));
        places.places.push_back(std::move(found[i].second));
    }
    return places;
}

Outcome<void> stage_all(Places& places, const std::function<bool(std::size_t)>& wanted) {
    for (std::size_t i = 0; i < places.places.size(); ++i) {
        const FileEdit& edit = places.change.edits[i];
        if (!wanted(i) || !edit.after) {
            continue;
        }
        if (Outcome<void> staged = places.places[i].stage(*edit.after, kModeOfNewFiles); !staged) {
            return staged;
        }
    }
    return {};
}

Outcome<void> swap_all(Places& places, const std::function<bool(std::size_t)>& wanted) {
    for (std::size_t i = 0; i < places.places.size(); ++i) {
        const FileEdit& edit = places.change.edits[i];
        Place& place = places.places[i];
        Outcome<void> done;
        if (wanted(i)) {
            done = edit.after ? place.swap_in(edit.before) : place.take_out(edit.before);
        }
        if (done && is_last_of_folder(places, i)) {
            done = place.sync_folder();
        }
        if (!done) {
            return done;
        }
    }
    return {};
}

Outcome<void> put_back_all(Places& places) {
    for (Place& place : std::views::reverse(places.places)) {
        if (Outcome<void> back = place.put_back(); !back) {
            return back;
        }
    }
    for (std::size_t i = 0; i < places.places.size(); ++i) {
        if (!is_last_of_folder(places, i)) {
            continue;
        }
        if (Outcome<void> synced = places.places[i].sync_folder(); !synced) {
            return synced;
        }
    }
    discard_all(places);
    return {};
}

void discard_all(Places& places) {
    for (std::size_t i = 0; i < places.places.size(); ++i) {
        const FileEdit& edit = places.change.edits[i];
        std::ignore = places.places[i].discard(edit.before, edit.after);
    }
}

std::string notes_of(const Places& places) {
    std::string notes;
    for (const Place& place : places.places) {
        notes += notes.empty() || place.notes().empty() ? "" : "; ";
        notes += place.notes();
    }
    return notes;
}

bool has_kept(const Places& places) {
    return std::ranges::any_of(places.places, &Place::has_kept);
}

}  // namespace quantconf::history
