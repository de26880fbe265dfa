#include "quota/shared_lock.hpp"

#include <cerrno>
#include <cstdint>
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

#ifdef QC_THREAD_SANITIZER_
/// The one of g++ 12 does not know pthread_mutex_clocklock, nor that a mutex whose holder died is held
/// afterwards.
int wait_for(pthread_mutex_t& mutex, std::chrono::nanoseconds patience) noexcept {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    constexpr timespec kPause{.tv_sec = 0, .tv_nsec = 50'000};
    int error = EBUSY;
    while (error == EBUSY && std::chrono::steady_clock::now() < deadline) {
        ::nanosleep(&kPause, nullptr);
        error = ::pthread_mutex_trylock(&mutex);
    }
    return error == EBUSY ? ETIMEDOUT : error;
}
#else
/// By the clock that nobody sets.
int wait_for(pthread_mutex_t& mutex, std::chrono::nanoseconds patience) noexcept {
    constexpr std::int64_t kSecond = 1'000'000'000;
    timespec deadline{};
    ::clock_gettime(CLOCK_MONOTONIC, &deadline);
    const std::int64_t nanoseconds = deadline.tv_nsec + patience.count();
    deadline.tv_sec += nanoseconds / kSecond;
    deadline.tv_nsec = nanoseconds % kSecond;
    return ::pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &deadline);
}
#endif

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
    if (error_ == EBUSY && patience > patience.zero()) {
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
