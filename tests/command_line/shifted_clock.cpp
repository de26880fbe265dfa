// A clock that is off by SHIFTED_CLOCK_SECONDS, for programs that are started with this library in
// LD_PRELOAD.

#include <cstdlib>
#include <ctime>

#include <sys/syscall.h>
#include <unistd.h>

extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
    const long done = ::syscall(SYS_clock_gettime, clock, now);
    const char* seconds = std::getenv("SHIFTED_CLOCK_SECONDS");  // NOLINT(concurrency-mt-unsafe): one thread.
    if (done == 0 && clock == CLOCK_REALTIME && seconds != nullptr) {
        now->tv_sec += std::strtol(seconds, nullptr, 10);
    }
    return static_cast<int>(done);
}
