#include "quota/lock_record.hpp"

#include <cerrno>

namespace quantconf::quota {

Error lock_error(const Memory& memory, int number) {
    return Error{.operation = "lock",
                 .subject = memory.name(),
                 .cause = {number, std::generic_category()},
                 .hint = number == ETIMEDOUT
                             ? "another process has held it for too long; is one of them stopped?"
                             : "end all programs that use it; the next one opens it anew"};
}

Error abandoned_error(const Memory& memory) {
    return Error{.operation = "use",
                 .subject = memory.name(),
                 .cause = std::make_error_code(std::errc::no_such_file_or_directory),
                 .hint = "it was deleted, or found damaged and set aside; open it again"};
}

Outcome<std::unique_ptr<Hold>> lock_record(Memory& memory) {
    auto hold = std::make_unique<Hold>(memory);
    if (hold->error() != 0) {
        return std::unexpected{lock_error(memory, hold->error())};
    }
    return hold;
}

Outcome<std::unique_ptr<SharedLock>> lock_for_sync(Memory& memory, std::chrono::nanoseconds patience) {
    auto lock = std::make_unique<SharedLock>(memory.record().live.sync_lock, patience);
    if (lock->error() != 0) {
        return std::unexpected{lock_error(memory, lock->error())};
    }
    return lock;
}

}  // namespace quantconf::quota
