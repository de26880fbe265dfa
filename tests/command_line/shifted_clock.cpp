// A clock that is off by SHIFTED_CLOCK_SECONDS, of which the machine has slept SHIFTED_SLEEP_SECONDS, for
// programs that are started with this library in LD_PRELOAD.

#include <cstdlib>
#include <ctime>

#include <sys/syscall.h>
#include <unistd.h>

namespace {

long seconds_of(const char* variable) {
    const char* seconds = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): one thread.
    return seconds == nullptr ? 0 : std::strtol(seconds, nullptr, 10);
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
    const long done = ::syscall(SYS_clock_gettime, clock, now);
    if (done == 0 && clock == CLOCK_REALTIME) {
        now->tv_sec += seconds_of("SHIFTED_CLOCK_SECONDS");
    }
    if (done == 0 && clock == CLOCK_BOOTTIME) {
        now->tv_sec += seconds_of("SHIFTED_SLEEP_SECONDS");
    }
    return static_cast<int>(done);
}
