// One of several processes that share a key: asks as fast as it may, and writes down each admission.
//
//   quota_worker LEDGER LOG CONTROL SECONDS SPEC LOWERED
//
// LOG: 24 bytes for each admission: the reading of CLOCK_BOOTTIME with which it was decided, the one after
// it, and 1 if it was made under SPEC, 2 under LOWERED. CONTROL: a byte, '1' once LOWERED is in force, and
// at offset 8 how far the wall is wrong, in nanoseconds. Both
// are mapped, so that kill -9 takes nothing back. SPEC: "r50/1000,f20/1000,c400/86400000,p40/1000/10,a,v20":
// rolling, fixed and calendar windows in milliseconds, pacing with its burst, adaptive, percent of reserve;
// q: with complaints of the provider.

#include <array>
#include <atomic>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "quota/ledger.hpp"

namespace {

using namespace quantconf::quota;
using quantconf::Duration;

constexpr std::size_t kThreads = 3;
constexpr std::size_t kAdmissionsMax = 4'000'000;

thread_local std::int64_t decided_at = 0;

struct Control {
    std::atomic<char> lowered;
    std::atomic<std::int64_t> wall_is_wrong_by;
};
static_assert(offsetof(Control, wall_is_wrong_by) == 8);

/// The system's time, remembering what it last told this thread. The ledger asks while it holds its lock.
class Recorder final : public Timeline {
public:
    explicit Recorder(const Control& control) : control_{control} {}

    Duration since_boot() const override {
        const Duration now = system_timeline().since_boot();
        decided_at = now.count();
        return now;
    }
    quantconf::Time wall() const override {
        const Duration wrong_by{control_.wall_is_wrong_by.load()};
        return system_timeline().wall() + std::chrono::duration_cast<std::chrono::microseconds>(wrong_by);
    }
    const std::string& boot() const override { return system_timeline().boot(); }

private:
    const Control& control_;
};

std::int64_t boottime() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

struct Admission {
    std::int64_t decided = 0;
    std::int64_t after = 0;
    std::atomic<std::int64_t> generation = 0;  ///< Last: 0 is a record that was not finished.
};
static_assert(sizeof(Admission) == 24);

template <typename T>
T* map(const char* path, std::size_t size) {
    const int file = ::open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ::ftruncate(file, static_cast<off_t>(size)) != 0) {
        std::perror(path);
        std::exit(3);
    }
    void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    return static_cast<T*>(address);
}

std::int64_t number(std::string_view& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (error != std::errc{}) {
        std::exit(2);
    }
    if (text.starts_with('/')) {
        text.remove_prefix(1);
    }
    return value;
}

bool complains = false;

Limits parse(std::string_view text) {
    Limits limits;
    while (!text.empty()) {
        const char kind = text.front();
        text.remove_prefix(1);
        if (kind == 'a') {
            limits.pacing.adaptive = true;
        } else if (kind == 'q') {
            complains = true;
        } else if (kind == 'v') {
            limits.reserve_percent = static_cast<int>(number(text));
        } else if (kind == 'p') {
            limits.pacing.requests = number(text);
            limits.pacing.per = std::chrono::milliseconds{number(text)};
            limits.pacing.burst = number(text);
        } else {
            Window window{.requests = number(text)};
            window.per = std::chrono::milliseconds{number(text)};
            window.kind = kind == 'r'   ? WindowKind::Rolling
                          : kind == 'f' ? WindowKind::Fixed
                                        : WindowKind::Calendar;
            limits.windows.push_back(window);
        }
        if (text.starts_with(',')) {
            text.remove_prefix(1);
        }
    }
    return limits;
}

void rest(std::int64_t nanoseconds) {
    const timespec pause{.tv_sec = nanoseconds / 1'000'000'000, .tv_nsec = nanoseconds % 1'000'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, nullptr);
}

}  // namespace

int main(int count, char** words) {
    if (count != 7) {
        return 2;
    }
    const auto* control = map<Control>(words[3], sizeof(Control));
    const Recorder recorder{*control};
    auto ledger = Ledger::open(words[1], recorder);
    if (!ledger) {
        std::fprintf(stderr, "%s\n", to_text(ledger.error()).c_str());
        return 3;
    }
    auto* log = map<Admission>(words[2], kAdmissionsMax * sizeof(Admission));
    const std::int64_t end = boottime() + std::atoll(words[4]) * 1'000'000;
    const std::array<Limits, 2> limits{parse(words[5]), parse(words[6])};
    std::atomic<std::size_t> next = 0;
    std::atomic<int> status = 0;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            const auto purpose = static_cast<Class>(i * 2);
            while (boottime() < end && status == 0) {
                const int generation = control->lowered == '1' ? 1 : 0;
                const auto decision = ledger->acquire(limits[static_cast<std::size_t>(generation)], purpose);
                if (!decision) {
                    std::fprintf(stderr, "%s\n", to_text(decision.error()).c_str());
                    status = 3;
                } else if (decision->granted) {
                    Admission& admission = log[next++ % kAdmissionsMax];
                    admission.decided = decided_at;
                    admission.after = boottime();
                    admission.generation = generation + 1;
                    if (complains && decision->granted->first % 100 == 99) {
                        ledger->pause(std::chrono::milliseconds{20}, "so many at once");
                    }
                } else {
                    // At most 50 ms, so that a limit that is lowered is seen soon.
                    const std::int64_t wait = decision->wait.value_or(Duration{50'000'000}).count();
                    rest(std::min<std::int64_t>(wait, 50'000'000));
                }
            }
        });
    }
    threads.clear();
    return status;
}
