#pragma once

#include <chrono>
#include <filesystem>
#include <string_view>

#include <sys/types.h>

#include "base/descriptor.hpp"
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

    ChangeLock(ChangeLock&&) noexcept = default;
    ChangeLock& operator=(ChangeLock&&) = delete;
    ChangeLock(const ChangeLock&) = delete;
    ChangeLock& operator=(const ChangeLock&) = delete;
    ~ChangeLock();

private:
    explicit ChangeLock(Descriptor file);

    Descriptor file_;
    pid_t holder_;  ///< A forked child that inherited the lock does not give it back.
};

}  // namespace quantconf::history
