#include "live/watched_folders.hpp"

#include <algorithm>
#include <utility>

#include <sys/inotify.h>

#include "live/no_writer.hpp"

namespace quantconf::live {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kStepEvents = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |
                                      IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;
constexpr std::uint32_t kContentEvents = IN_MODIFY | IN_CLOSE_WRITE;
constexpr std::uint32_t kFolderEvents = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT;

/// A way that changes each time it is looked at is left to the next event.
constexpr int kRounds = 8;

}  // namespace

void WatchedFolders::add(const std::shared_ptr<Waiting>& waiting) {
    all_.push_back(waiting);
    moved_.insert(waiting);
    follow_ways();
}

void WatchedFolders::remove(const std::shared_ptr<Waiting>& waiting) {
    std::erase(all_, waiting);
    moved_.erase(waiting);
    watch_places();
}

bool WatchedFolders::has(const std::shared_ptr<Waiting>& waiting) const {
    return std::ranges::find(all_, waiting) != all_.end();
}

bool WatchedFolders::read() {
    if (notifications_ == nullptr) {
        return false;
    }
    for (const Notice& notice : notifications_->read()) {
        take(notice);
    }
    if (!moved_.empty()) {
        follow_ways();
    }
    return std::ranges::any_of(all_, &Waiting::is_to_be_told);
}

std::vector<std::shared_ptr<Waiting>> WatchedFolders::take_concerned() {
    std::vector<std::shared_ptr<Waiting>> concerned;
    for (const auto& waiting : all_) {
        if (std::exchange(waiting->is_to_be_told, false)) {
            concerned.push_back(waiting);
        }
    }
    return concerned;
}

void WatchedFolders::ask_for_writers(const std::shared_ptr<Waiting>& waiting) {
    // The kernel tells in the same words about a write, about truncate() of a path and about a time of
    // modification that was set: and nobody is going to close what nobody has opened.
    for (const fs::path& file : std::set{waiting->being_written}) {
        if (const auto no_writer = NoWriter::of(file)) {
            read();  // What came from a writer who is gone; there is none who could begin now.
            waiting->being_written.erase(file);
        }
    }
}

void WatchedFolders::overflow() {
    for (const auto& waiting : all_) {
        waiting->being_written.clear();  // That they were closed may be among what was lost.
        waiting->is_to_be_told = true;
        ++waiting->events;
        moved_.insert(waiting);
    }
}

void WatchedFolders::take(const Notice& notice) {
    if ((notice.mask & IN_Q_OVERFLOW) != 0) {
        overflow();
        return;
    }
    const auto found = folders_.find(notice.number);
    if (found == folders_.end()) {
        return;
    }
    const bool is_content = (notice.mask & kContentEvents) != 0;
    const bool is_of_folder = (notice.mask & kFolderEvents) != 0 || notice.name.empty();
    for (const auto& waiting : all_) {
        for (const fs::path& folder : found->second) {
            const auto place = waiting->places.find(folder);
            if (place == waiting->places.end()) {
                continue;
            }
            const bool is_file = place->second.files.contains(notice.name);
            const bool is_step = is_of_folder || place->second.steps.contains(notice.name);
            if (is_content ? !is_file : !(is_file || is_step)) {
                continue;
            }
            waiting->is_to_be_told = true;
            ++waiting->events;
            if (!is_content) {
                moved_.insert(waiting);
            }
            if ((notice.mask & IN_MODIFY) != 0) {
                waiting->being_written.insert(folder / notice.name);
            } else if (is_file && (notice.mask & IN_ATTRIB) == 0) {
                waiting->being_written.erase(folder / notice.name);
            }
        }
    }
    if ((notice.mask & IN_IGNORED) != 0) {
        ignored(notice.number);
    }
}

void WatchedFolders::ignored(int number) {
    const auto folders = folders_.extract(number);
    for (const fs::path& folder : folders.mapped()) {
        numbers_.erase(folder);
        forget_writers(folder);
    }
}

void WatchedFolders::follow_ways() {
    for (int round = 0; round < kRounds; ++round) {
        bool is_settled = round > 0;
        for (const auto& waiting : moved_) {
            auto places = places_of(waiting->files);
            is_settled = is_settled && places == waiting->places;
            waiting->places = std::move(places);
            std::erase_if(waiting->being_written, [&](const fs::path& file) {
                const auto place = waiting->places.find(file.parent_path());
                return place == waiting->places.end() || !place->second.files.contains(file.filename());
            });
        }
        if (is_settled) {
            break;  // The ways are what they were before their folders were watched: nothing was missed.
        }
        watch_places();
    }
    moved_.clear();
}

void WatchedFolders::watch_places() {
    std::map<fs::path, std::uint32_t> wanted;
    for (const auto& waiting : all_) {
        for (const auto& [folder, names] : waiting->places) {
            wanted[folder] |= names.files.empty() ? kStepEvents : kStepEvents | kContentEvents;
        }
    }
    std::vector<fs::path> unwanted;
    for (const auto& [folder, number] : numbers_) {
        if (!wanted.contains(folder)) {
            unwanted.push_back(folder);
        }
    }
    std::ranges::for_each(unwanted, [this](const fs::path& folder) { unwatch(folder); });
    std::set<fs::path> missing;
    for (const auto& [folder, mask] : wanted) {
        // Always asked again: behind the same name there may be another folder now. Those above come first.
        const int number = notifications_ == nullptr ? -1 : notifications_->add(folder, mask | IN_MASK_ADD);
        const auto before = numbers_.find(folder);
        if (before != numbers_.end() && before->second != number) {
            unwatch(folder);
        }
        if (number < 0) {
            missing.insert(folder);
            continue;
        }
        numbers_[folder] = number;
        folders_[number].insert(folder);
    }
    for (const auto& waiting : all_) {
        waiting->is_complete = std::ranges::none_of(
            waiting->places, [&](const auto& place) { return missing.contains(place.first); });
    }
}

void WatchedFolders::unwatch(const fs::path& folder) {
    const auto found = numbers_.find(folder);
    auto& names = folders_[found->second];
    names.erase(folder);
    if (names.empty()) {
        notifications_->remove(found->second);
        folders_.erase(found->second);
    }
    numbers_.erase(found);
    forget_writers(folder);
}

void WatchedFolders::forget_writers(const fs::path& folder) {
    for (const auto& waiting : all_) {
        std::erase_if(waiting->being_written,
                      [&](const fs::path& file) { return file.parent_path() == folder; });
    }
}

}  // namespace quantconf::live
