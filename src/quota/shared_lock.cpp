#include "quota/shared_lock.hpp"

#include <cerrno>
#include <ctime>

#include "base/assert.hpp"

#if defined(__SANITIZE_THREAD__)
#define QC_THREAD_SANITIZER_
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define QC_THREAD_SANITIZER_
#endif
#endif

namespace quantconf::quota {
namespace {

timespec deadline_of(clockid_t clock, std::chrono::nanoseconds patience) noexcept {
    constexpr std::int64_t kSecond = 1'000'000'000;
    timespec when{};
    ::clock_gettime(clock, &when);
    const std::int64_t nanoseconds = when.tv_nsec + patience.count();
    when.tv_sec += nanoseconds / kSecond;
    when.tv_nsec = nanoseconds % kSecond;
    return when;
}

int wait_for(pthread_mutex_t& mutex, std::chrono::nanoseconds patience) noexcept {
#ifdef QC_THREAD_SANITIZER_  // The one of g++ 12 does not know pthread_mutex_clocklock.
    const timespec deadline = deadline_of(CLOCK_REALTIME, patience);
    return ::pthread_mutex_timedlock(&mutex, &deadline);
#else
    const timespec deadline = deadline_of(CLOCK_MONOTONIC, patience);
    return ::pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &deadline);
#endif
}

}  // namespace

void make_shared_mutex(pthread_mutex_t& mutex) noexcept {
    pthread_mutexattr_t attributes;
    QC_ASSERT(::pthread_mutexattr_init(&attributes) == 0);
    QC_ASSERT(::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0);
    QC_ASSERT(::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) == 0);
    QC_ASSERT(::pthread_mutex_init(&mutex, &attributes) == 0);
    ::pthread_mutexattr_destroy(&attributes);
}

SharedLock::SharedLock(pthread_mutex_t& mutex, std::chrono::nanoseconds patience) noexcept
    : mutex_{&mutex}, error_{::pthread_mutex_trylock(&mutex)} {
    if (error_ == EBUSY) {
        error_ = wait_for(mutex, patience);
    }
    if (error_ == EOWNERDEAD) {
        was_inherited_ = true;
        error_ = ::pthread_mutex_consistent(&mutex);
    }
}

void SharedLock::unlock() noexcept {
    if (mutex_ != nullptr && error_ == 0) {
        ::pthread_mutex_unlock(mutex_);
    }
    mutex_ = nullptr;
}

}  // namespace quantconf::quota
