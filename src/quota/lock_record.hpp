#pragma once

#include <memory>

#include "quota/memory.hpp"
#include "quota/shared_lock.hpp"

namespace quantconf::quota {

/// A holder that does not come back within this time is stopped; what it holds up are other people's
/// requests.
inline constexpr std::chrono::milliseconds kLockPatience{1000};
inline constexpr std::chrono::seconds kSyncPatience{10};  ///< Disks can be slow.

/// Why the lock of a record was not to be had.
[[nodiscard]] Error lock_error(const Memory& memory, int number);
/// The file was set aside while we had it open.
[[nodiscard]] Error abandoned_error(const Memory& memory);

/// Holds the record's lock.
class Hold {
public:
    explicit Hold(Memory& memory) : lock_{memory.record().live.lock, kLockPatience} {
        if (lock_.was_inherited()) {
            // Nothing to mend: every order of stores leaves a record that holds. Counted, so that it can be
            // seen.
            Cell& repairs = memory.record().live.repairs;
            repairs.set(repairs.get() + 1);
        }
    }
    [[nodiscard]] int error() const noexcept { return lock_.error(); }

private:
    SharedLock lock_;
};

[[nodiscard]] Outcome<std::unique_ptr<Hold>> lock_record(Memory& memory);
[[nodiscard]] Outcome<std::unique_ptr<SharedLock>> lock_for_sync(Memory& memory,
                                                                 std::chrono::nanoseconds patience);

}  // namespace quantconf::quota
