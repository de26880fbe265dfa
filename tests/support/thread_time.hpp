#pragma once

#include <chrono>
#include <ctime>

namespace quantconf {

/// The processor's time that this thread has used: what a bound on work is measured with, because a busy
/// machine lets a thread wait for as long as it likes.
[[nodiscard]] inline std::chrono::nanoseconds thread_time() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

}  // namespace quantconf
