#pragma once

#include <cstdint>
#include <string>

#include <sys/types.h>

namespace quantconf {

/// For messages about a lock that somebody else holds: who that is. Each names a process as
/// "process 4711", and says so where that one is stopped, and how it goes on: waiting longer helps nobody.

/// As the holder of a FileLock has written it into the file, else "another process".
[[nodiscard]] std::string lock_holder(int file);

/// Who holds a record lock for writing (fcntl, as SQLite uses them) on the file with this device and inode,
/// as the kernel lists them in /proc/locks (proc_locks(5)): nothing is opened, because closing a descriptor
/// would give back this process's own locks. Empty if nobody else of this machine does, or cannot be told:
/// some file systems show another device there, and a holder in another container has no number here.
[[nodiscard]] std::string record_lock_holder(std::uint64_t device, std::uint64_t inode);

}  // namespace quantconf
