#pragma once

#include <chrono>

#include <sys/types.h>

#include "base/descriptor.hpp"

namespace quantconf {

/// The parts of a lock that is a file of its own: one holder at a time on this machine, given back by the
/// kernel when the holder dies. Such a file is never renamed or removed by its users. Whether it may be
/// trusted (whose it is, who has rights to it) its users check themselves, between opening and locking.
///
/// `folder` is a descriptor of the folder that `name` is in, or AT_FDCWD.

/// Opens the file, links not followed, or makes it with mode 0600 whatever the umask. Not open: errno says
/// why.
[[nodiscard]] Descriptor open_lock_file(int folder, const char* name);

/// Takes the lock. 0, or errno; EWOULDBLOCK if somebody else holds it until the deadline.
[[nodiscard]] int lock_until(int file, std::chrono::steady_clock::time_point deadline);

/// Somebody may have removed the file since it was opened: a lock on it would be a lock on nothing.
[[nodiscard]] bool is_still_named(int file, int folder, const char* name);

/// A lock that was taken; given back by the destructor, but not by a forked child that inherited it. Says in
/// the file who holds it.
class FileLock {
public:
    explicit FileLock(Descriptor locked);
    FileLock(FileLock&&) noexcept = default;
    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

    [[nodiscard]] int descriptor() const noexcept { return file_.get(); }

private:
    Descriptor file_;
    pid_t holder_;
};

}  // namespace quantconf
