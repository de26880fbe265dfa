#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "history/file_change.hpp"
#include "history/place.hpp"
#include "quantconf/error.hpp"

/// The files of a change, one step for all of them at a time.
namespace quantconf::history {

/// A change with absolute paths, those of one folder together, and where its files stand, in the same order.
struct Places {
    FileChange change;
    std::vector<Place> places;
};

/// Problem::Conflict if two paths lead to one file.
[[nodiscard]] Outcome<Places> find_places(const FileChange& change);

/// Writes what shall stand there beside what stands there, wherever `wanted` says so.
[[nodiscard]] Outcome<void> stage_all(Places& places, const std::function<bool(std::size_t)>& wanted);
/// Exchanges the names, and brings that to disk folder by folder.
[[nodiscard]] Outcome<void> swap_all(Places& places, const std::function<bool(std::size_t)>& wanted);
/// Takes back what was swapped, last first, and tidies up; stops at the first that cannot be put back.
[[nodiscard]] Outcome<void> put_back_all(Places& places);
/// Removes what is left beside the files, and keeps what somebody saved. Goes on after a failure: a leftover
/// harms nobody.
void discard_all(Places& places);
/// What became of files that somebody saved meanwhile; empty if nobody did.
[[nodiscard]] std::string notes_of(const Places& places);
/// Whether such a text is kept beside its file.
[[nodiscard]] bool has_kept(const Places& places);

}  // namespace quantconf::history
