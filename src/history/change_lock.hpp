#pragma once

#include <chrono>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/file_lock.hpp"
#include "quantconf/error.hpp"

namespace quantconf::history {

/// Held by whoever changes the layer files of a state folder, or finishes what somebody else began. The file
/// `change.lock` in that folder is never removed; the kernel gives the lock back when its holder dies.
/// Another name is another lock.
class ChangeLock {
public:
    /// The folder is private, which was checked. Waits at most `timeout`, then Problem::Locked with the
    /// holder's process id in the hint.
    [[nodiscard]] static Outcome<ChangeLock> acquire(const std::filesystem::path& state_folder,
                                                     std::chrono::milliseconds timeout,
                                                     std::string_view name = "change.lock");

private:
    explicit ChangeLock(Descriptor locked) : lock_{std::move(locked)} {}

    FileLock lock_;
};

}  // namespace quantconf::history
