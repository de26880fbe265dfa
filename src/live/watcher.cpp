#include "live/watcher.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "live/watch_places.hpp"
#include "quantconf/hub.hpp"

namespace quantconf::live {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kStepEvents = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |
                                      IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;
constexpr std::uint32_t kFileEvents = kStepEvents | IN_MODIFY | IN_CLOSE_WRITE;
constexpr std::uint32_t kContentEvents = IN_MODIFY | IN_CLOSE_WRITE;

/// One Watch: what it waits for, and what is known about it. Guarded by the watcher's mutex, but for
/// `changed`.
struct Waiting {
    std::vector<fs::path> files;
    std::function<void()> changed;
    std::map<fs::path, PlaceNames> places;
    std::set<fs::path> being_written;
    bool is_complete = false;
    bool is_removed = false;
    bool is_running = false;
    std::thread::id runs_on;
};

class InotifyWatcher final : public Watcher, public std::enable_shared_from_this<InotifyWatcher> {
public:
    InotifyWatcher()
        : events_{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)},
          wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
        if (events_.is_open() && wake_.is_open()) {
            thread_ = std::thread{[this] { listen(); }};
        }
    }
    ~InotifyWatcher() override {
        if (!thread_.joinable()) {
            return;
        }
        if (!process_.is_here()) {
            new std::thread{std::move(thread_)};  // The parent's; it cannot be joined here.
            return;
        }
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
        thread_.join();
    }

    [[nodiscard]] std::unique_ptr<Watch> watch(const std::vector<fs::path>& files,
                                               std::function<void()> changed) override;

    void end(const std::shared_ptr<Waiting>& waiting) {
        std::unique_lock lock{mutex_};
        waiting->is_removed = true;
        std::erase(all_, waiting);
        update_watches();
        if (waiting->runs_on != std::this_thread::get_id()) {
            ended_.wait(lock, [&] { return !waiting->is_running; });
        }
    }
    [[nodiscard]] bool is_here() const noexcept { return process_.is_here(); }
    [[nodiscard]] std::mutex& mutex() noexcept { return mutex_; }

private:
    void listen();
    /// Reads what has happened; the watches that it concerns.
    [[nodiscard]] std::vector<std::shared_ptr<Waiting>> read_events();
    void take(const inotify_event& event, std::set<std::shared_ptr<Waiting>>& concerned,
              std::set<std::shared_ptr<Waiting>>& moved);
    /// Looks where the paths lead now, and watches what is on the way.
    void find_places(Waiting& waiting);
    void update_watches();

    Descriptor events_;
    Descriptor wake_;
    detail::ProcessMark process_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::vector<std::shared_ptr<Waiting>> all_;
    std::map<fs::path, int> numbers_;            ///< Folder -> inotify's number.
    std::map<int, std::set<fs::path>> folders_;  ///< And back: one folder may have several names.
    std::map<fs::path, std::uint32_t> masks_;
    std::thread thread_;
};

class InotifyWatch final : public Watch {
public:
    InotifyWatch(std::shared_ptr<InotifyWatcher> watcher, std::shared_ptr<Waiting> waiting)
        : watcher_{std::move(watcher)}, waiting_{std::move(waiting)} {}
    ~InotifyWatch() override {
        if (watcher_->is_here()) {
            watcher_->end(waiting_);
        } else {
            new std::shared_ptr<InotifyWatcher>{
                std::move(watcher_)};  // Its locks may be held by threads of the parent.
        }
    }
    [[nodiscard]] bool is_complete() const override {
        const std::lock_guard lock{watcher_->mutex()};
        return waiting_->is_complete;
    }
    [[nodiscard]] bool is_being_written() const override {
        const std::lock_guard lock{watcher_->mutex()};
        return !waiting_->being_written.empty();
    }

private:
    std::shared_ptr<InotifyWatcher> watcher_;
    std::shared_ptr<Waiting> waiting_;
};

std::unique_ptr<Watch> InotifyWatcher::watch(const std::vector<fs::path>& files,
                                             std::function<void()> changed) {
    auto waiting = std::make_shared<Waiting>();
    waiting->files = files;
    waiting->changed = std::move(changed);
    {
        const std::lock_guard lock{mutex_};
        all_.push_back(waiting);
        find_places(*waiting);
        update_watches();
    }
    return std::make_unique<InotifyWatch>(shared_from_this(), std::move(waiting));
}

void InotifyWatcher::find_places(Waiting& waiting) {
    waiting.places = places_of(waiting.files);
}

void InotifyWatcher::update_watches() {
    std::map<fs::path, std::uint32_t> wanted;
    for (const auto& waiting : all_) {
        for (const auto& [folder, names] : waiting->places) {
            wanted[folder] |= names.files.empty() ? kStepEvents : kFileEvents;
        }
    }
    for (auto place = numbers_.begin(); place != numbers_.end();) {
        if (wanted.contains(place->first)) {
            ++place;
            continue;
        }
        auto& names = folders_[place->second];
        names.erase(place->first);
        if (names.empty()) {
            ::inotify_rm_watch(events_.get(), place->second);
            folders_.erase(place->second);
        }
        masks_.erase(place->first);
        place = numbers_.erase(place);
    }
    std::set<fs::path> missing;
    for (const auto& [folder, mask] : wanted) {
        // Always asked again: behind the same name there may be another folder now.
        const int number =
            events_.is_open() ? ::inotify_add_watch(events_.get(), folder.c_str(), mask | IN_MASK_ADD) : -1;
        if (number < 0) {
            missing.insert(folder);
            continue;
        }
        const auto before = numbers_.find(folder);
        if (before != numbers_.end() && before->second != number) {
            auto& names = folders_[before->second];
            names.erase(folder);
            if (names.empty()) {
                ::inotify_rm_watch(events_.get(), before->second);
                folders_.erase(before->second);
            }
        }
        numbers_[folder] = number;
        folders_[number].insert(folder);
        masks_[folder] = mask;
    }
    for (const auto& waiting : all_) {
        waiting->is_complete = std::ranges::none_of(
            waiting->places, [&](const auto& place) { return missing.contains(place.first); });
    }
}

void InotifyWatcher::take(const inotify_event& event, std::set<std::shared_ptr<Waiting>>& concerned,
                          std::set<std::shared_ptr<Waiting>>& moved) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
        for (const auto& waiting : all_) {
            waiting->being_written.clear();
            concerned.insert(waiting);
            moved.insert(waiting);
        }
        return;
    }
    const auto found = folders_.find(event.wd);
    if (found == folders_.end()) {
        return;
    }
    const std::string name = event.len > 0 ? std::string{event.name} : std::string{};
    const bool is_of_folder =
        (event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) != 0 || name.empty();
    for (const auto& waiting : all_) {
        for (const fs::path& folder : found->second) {
            const auto place = waiting->places.find(folder);
            if (place == waiting->places.end()) {
                continue;
            }
            const bool is_file = place->second.files.contains(name);
            const bool is_step = is_of_folder || place->second.steps.contains(name);
            if ((event.mask & kContentEvents) != 0 ? !is_file : !(is_file || is_step)) {
                continue;
            }
            concerned.insert(waiting);
            if ((event.mask & kContentEvents) == 0) {
                moved.insert(waiting);
            }
            if ((event.mask & IN_MODIFY) != 0) {
                waiting->being_written.insert(folder / name);
            } else if (is_file) {
                waiting->being_written.erase(folder / name);
            }
        }
    }
    if ((event.mask & IN_IGNORED) != 0) {
        for (const fs::path& folder : found->second) {
            numbers_.erase(folder);
            masks_.erase(folder);
        }
        folders_.erase(found);
    }
}

std::vector<std::shared_ptr<Waiting>> InotifyWatcher::read_events() {
    alignas(inotify_event) std::array<char, 64 * 1024> buffer{};
    std::set<std::shared_ptr<Waiting>> concerned;
    std::set<std::shared_ptr<Waiting>> moved;
    const std::lock_guard lock{mutex_};
    while (true) {
        const ssize_t size = ::read(events_.get(), buffer.data(), buffer.size());
        if (size <= 0) {
            break;
        }
        for (const char* at = buffer.data(); at < buffer.data() + size;) {
            inotify_event event{};
            std::memcpy(&event, at, sizeof event);
            // The name follows the fixed part: the event is used where it lies.
            take(*reinterpret_cast<const inotify_event*>(at), concerned,
                 moved);  // NOLINT: as inotify(7) has it.
            at += sizeof(inotify_event) + event.len;
        }
    }
    for (const auto& waiting : moved) {
        find_places(*waiting);
    }
    if (!moved.empty()) {
        update_watches();
    }
    return {concerned.begin(), concerned.end()};
}

void InotifyWatcher::listen() {
    std::array<pollfd, 2> both{pollfd{.fd = events_.get(), .events = POLLIN, .revents = 0},
                               pollfd{.fd = wake_.get(), .events = POLLIN, .revents = 0}};
    while (true) {
        if (::poll(both.data(), both.size(), -1) < 0 && errno != EINTR) {
            return;
        }
        if ((both[1].revents & POLLIN) != 0) {
            return;
        }
        for (const auto& waiting : read_events()) {
            {
                const std::lock_guard lock{mutex_};
                if (waiting->is_removed) {
                    continue;
                }
                waiting->is_running = true;
                waiting->runs_on = std::this_thread::get_id();
            }
            waiting->changed();
            const std::lock_guard lock{mutex_};
            waiting->is_running = false;
            waiting->runs_on = {};
            ended_.notify_all();
        }
    }
}

}  // namespace

std::shared_ptr<Watcher> Watcher::of_process() {
    static std::mutex mutex;
    static std::weak_ptr<InotifyWatcher> current;
    const std::lock_guard lock{mutex};
    auto watcher = current.lock();
    if (watcher == nullptr || !watcher->is_here()) {
        if (watcher != nullptr) {
            new std::shared_ptr<InotifyWatcher>{std::move(watcher)};  // The parent's.
        }
        watcher = std::make_shared<InotifyWatcher>();
        current = watcher;
    }
    return watcher;
}

}  // namespace quantconf::live
