#pragma once

#include <chrono>

#include <pthread.h>

namespace quantconf::quota {

/// Makes a mutex in memory that processes share; given back by the kernel when its holder dies.
void make_shared_mutex(pthread_mutex_t& mutex) noexcept;

/// Holds one of them.
class SharedLock {
public:
    /// Waits at most `patience`, if it is more than zero: a holder may be stopped. `error()` says whether it
    /// worked.
    SharedLock(pthread_mutex_t& mutex, std::chrono::nanoseconds patience) noexcept;
    SharedLock(const SharedLock&) = delete;
    SharedLock& operator=(const SharedLock&) = delete;
    ~SharedLock() { unlock(); }

    [[nodiscard]] int error() const noexcept { return error_; }  ///< 0: it is ours.
    /// The last holder died with it. What it was doing may be half done.
    [[nodiscard]] bool was_inherited() const noexcept { return was_inherited_; }
    void unlock() noexcept;

private:
    pthread_mutex_t* mutex_;
    int error_;
    bool was_inherited_ = false;
};

}  // namespace quantconf::quota
