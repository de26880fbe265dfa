#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "live/notifications.hpp"

namespace quantconf::live {

/// Ends when it is destroyed; waits for a call of it that is running, unless that is where it is destroyed.
class Watch {
public:
    Watch() = default;
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    virtual ~Watch() = default;

    /// Whether the kernel tells about every folder on the way to these files. False: only looking again
    /// helps.
    [[nodiscard]] virtual bool is_complete() const = 0;
    /// Whether somebody has written to one of the files and not closed it yet. Knows of every write() that
    /// has returned. Also true, where the kernel does not say who has files open, for one whose size or time
    /// of modification was set by its path.
    [[nodiscard]] virtual bool is_being_written() const = 0;
    /// How much has happened to the files so far, told or not. Knows of everything that is over.
    [[nodiscard]] virtual std::uint64_t events() const = 0;
};

/// Tells when something may have happened to files, by watching every folder that their paths lead through:
/// what an atomic save, a swapped link or a deleted folder does is seen there and not at the file. One
/// inotify instance and one thread for the whole process, however many managers it has; made when somebody
/// first asks, gone with the last Watch.
class Watcher {
public:
    Watcher() = default;
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    virtual ~Watcher() = default;

    /// That of this process. After a fork the child gets one of its own.
    [[nodiscard]] static std::shared_ptr<Watcher> of_process();
    /// One that hears what `open` gives it; asked again by each watch() as long as it gives nothing.
    [[nodiscard]] static std::shared_ptr<Watcher> over(std::function<std::unique_ptr<Notifications>()> open);

    /// Calls `changed` after every event that may concern one of `files`, those included that are not there
    /// yet. On the watcher's thread: it only takes note. Events may come in bunches, and sometimes for
    /// nothing; never not at all, as long as is_complete().
    [[nodiscard]] virtual std::unique_ptr<Watch> watch(const std::vector<std::filesystem::path>& files,
                                                       std::function<void()> changed) = 0;
};

}  // namespace quantconf::live
