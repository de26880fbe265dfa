#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "live/notifications.hpp"
#include "live/watch_places.hpp"

namespace quantconf::live {

/// One Watch: what it waits for, and what is known about it.
struct Waiting {
    std::vector<std::filesystem::path> files;
    std::function<void()> changed;
    std::map<std::filesystem::path, PlaceNames> places = {};
    /// Somebody has written to these and not closed them yet.
    std::set<std::filesystem::path> being_written = {};
    std::uint64_t events = 0;  ///< That concerned it.
    bool is_complete = false;
    bool is_to_be_told = false;
    bool is_running = false;  ///< `changed`, on the thread `runs_on`.
    std::thread::id runs_on = {};
};

/// Which folders are watched for whom, and what the kernel's notices mean to them. One thread at a time.
class WatchedFolders {
public:
    /// Without notifications nothing is ever heard, and nobody is complete.
    void use(std::unique_ptr<Notifications> notifications) { notifications_ = std::move(notifications); }
    [[nodiscard]] const Notifications* notifications() const noexcept { return notifications_.get(); }

    void add(const std::shared_ptr<Waiting>& waiting);
    void remove(const std::shared_ptr<Waiting>& waiting);
    [[nodiscard]] bool has(const std::shared_ptr<Waiting>& waiting) const;

    /// Takes in all that has happened; whom it concerns is to be told. True if there is anybody new.
    bool read();
    /// Forgets those files of `waiting` that nobody has open for writing, whatever was told about them.
    void ask_for_writers(const std::shared_ptr<Waiting>& waiting);
    /// Those to be told, who are not any more.
    [[nodiscard]] std::vector<std::shared_ptr<Waiting>> take_concerned();

private:
    void take(const Notice& notice);
    void overflow();
    void ignored(int number);
    /// Looks where the paths of those whose ways have changed lead now, and watches what is on the way.
    void follow_ways();
    void watch_places();
    void unwatch(const std::filesystem::path& folder);
    void forget_writers(const std::filesystem::path& folder);

    std::unique_ptr<Notifications> notifications_;
    std::vector<std::shared_ptr<Waiting>> all_;
    std::set<std::shared_ptr<Waiting>> moved_;                ///< Their ways may lead elsewhere now.
    std::map<std::filesystem::path, int> numbers_;            ///< Folder -> its number.
    std::map<int, std::set<std::filesystem::path>> folders_;  ///< And back: a folder may have several names.
};

}  // namespace quantconf::live
