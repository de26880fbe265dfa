#pragma once

#include <chrono>
#include <filesystem>

#include "base/file_lock.hpp"
#include "quantconf/error.hpp"

namespace quantconf::secrets {

/// Held by whoever changes the store; one at a time, on this machine.
///
/// The lock is a file of its own, which is never renamed or removed: a lock on the store's file would go with
/// the old generation. The kernel gives it back when its holder dies. Not synchronised.
class LockFile {
public:
    /// Waits at most `timeout`, then fails with Problem::Locked and the holder's process id in the hint.
    /// Makes the file if there is none. A file system without locks is refused with Problem::NoLocks.
    [[nodiscard]] static Outcome<LockFile> acquire(const std::filesystem::path& path,
                                                   std::chrono::milliseconds timeout);

    /// True on NFS, SMB and their like: there the lock may not reach other machines. Worth a warning.
    [[nodiscard]] bool is_on_network() const noexcept { return is_on_network_; }

private:
    explicit LockFile(Descriptor locked);

    FileLock lock_;
    bool is_on_network_;
};

}  // namespace quantconf::secrets
