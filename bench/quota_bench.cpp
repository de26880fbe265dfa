// What one decision about a request costs: with four windows and a pacing, in one process and through the
// file that processes share, alone and contended; beside a token bucket behind a mutex, and Redis.
//
//   cmake --preset release -DQUANTCONF_BUILD_BENCH=ON && cmake --build --preset release
//   build/release/bin/quota_bench

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/redis_gcra.hpp"
#include "quota/ledger.hpp"

namespace {

using namespace quantconf::quota;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Four windows, none of which is ever full: what is measured is a grant.
Limits four_windows(std::int64_t longest_unit) {
    constexpr std::int64_t kMany = 1 << 30;
    return {.windows = {{.requests = kMany, .per = seconds{1}},
                        {.requests = kMany, .per = seconds{10}},
                        {.requests = kMany, .per = minutes{1}},
                        {.requests = kMany, .per = minutes{longest_unit}}}};
}
/// Exact windows that are always just free: each look-up reads another time of the ring.
Limits exact_windows() {
    constexpr auto kShort = std::chrono::milliseconds{1};
    return {.windows = {{.requests = 1000, .per = kShort},
                        {.requests = 2000, .per = 2 * kShort},
                        {.requests = 3000, .per = 3 * kShort},
                        {.requests = 4000, .per = 4 * kShort}},
            .pacing = {.requests = 1000, .per = kShort, .burst = 10}};
}

/// Asks the system as the real one does, and answers a microsecond more each time: just what those windows
/// allow.
class EvenTimeline final : public Timeline {
public:
    quantconf::Duration since_boot() const override {
        benchmark::DoNotOptimize(system_timeline().since_boot());
        return now_ += std::chrono::microseconds{1};
    }
    quantconf::Time wall() const override { return system_timeline().wall(); }
    const std::string& boot() const override { return system_timeline().boot(); }

private:
    mutable quantconf::Duration now_ = hours{1};
};

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "quantconf-quota-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            std::abort();
        }
        path_ = std::filesystem::canonical(name);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

void ask(benchmark::State& state, Ledger& ledger, const Limits& limits) {
    std::int64_t granted = 0;
    for (auto _ : state) {
        const auto decision = ledger.acquire(limits, Class::Signal);
        granted += decision && decision->granted ? 1 : 0;
    }
    state.counters["granted"] = static_cast<double>(granted) / static_cast<double>(state.iterations());
}

void in_process(benchmark::State& state) {
    Ledger ledger = Ledger::in_memory();
    ask(state, ledger, four_windows(59));
}
BENCHMARK(in_process);

void in_process_exact_windows_and_pacing(benchmark::State& state) {
    const EvenTimeline timeline;
    Ledger ledger = Ledger::in_memory(timeline);
    ask(state, ledger, exact_windows());
}
BENCHMARK(in_process_exact_windows_and_pacing);

void in_process_one_calendar_day(benchmark::State& state) {
    Ledger ledger = Ledger::in_memory();
    Limits limits = four_windows(59);
    limits.windows[3].kind = WindowKind::Calendar;
    ask(state, ledger, limits);
}
BENCHMARK(in_process_one_calendar_day);

/// The day of a provider that counts by its own midnight, and a month.
void in_process_days_of_two_zones(benchmark::State& state) {
    Ledger ledger = Ledger::in_memory();
    Limits limits = four_windows(59);
    limits.windows[2] = {.requests = limits.windows[2].requests,
                         .per = std::chrono::days{1},
                         .kind = WindowKind::Calendar,
                         .zone = "America/New_York"};
    limits.windows[3] = {
        .requests = limits.windows[3].requests, .per = std::chrono::days{31}, .kind = WindowKind::Calendar};
    ask(state, ledger, limits);
}
BENCHMARK(in_process_days_of_two_zones);

void in_process_two_threads(benchmark::State& state) {
    static Ledger* ledger = nullptr;
    if (state.thread_index() == 0) {
        ledger = new Ledger{Ledger::in_memory()};
    }
    const Limits limits = four_windows(59);
    for (auto _ : state) {
        benchmark::DoNotOptimize(ledger->acquire(limits, Class::Signal));
    }
    if (state.thread_index() == 0) {
        delete ledger;
    }
}
BENCHMARK(in_process_two_threads)->Threads(2)->UseRealTime();

void shared_file(benchmark::State& state) {
    const Folder folder;
    Ledger ledger = Ledger::open(folder.path() / "key.ledger").value();
    ask(state, ledger, four_windows(59));
}
BENCHMARK(shared_file);

/// With a window of a day: some millions are reserved on disk at a time.
void shared_file_durable(benchmark::State& state) {
    const Folder folder;
    Ledger ledger = Ledger::open(folder.path() / "key.ledger").value();
    ask(state, ledger, four_windows(24 * 60));
}
BENCHMARK(shared_file_durable);

void shared_file_calendar_day(benchmark::State& state) {
    const Folder folder;
    Ledger ledger = Ledger::open(folder.path() / "key.ledger").value();
    Limits limits = four_windows(24 * 60);
    limits.windows[3].kind = WindowKind::Calendar;
    ask(state, ledger, limits);
}
BENCHMARK(shared_file_calendar_day);

void shared_file_two_processes(benchmark::State& state) {
    const Folder folder;
    const Limits limits = four_windows(59);
    Ledger ledger = Ledger::open(folder.path() / "key.ledger").value();
    const pid_t other = ::fork();
    if (other == 0) {
        while (::getppid() != 1) {
            benchmark::DoNotOptimize(ledger.acquire(limits, Class::Signal));
        }
        ::_exit(0);
    }
    ask(state, ledger, limits);
    ::kill(other, SIGKILL);
    ::waitpid(other, nullptr, 0);
}
BENCHMARK(shared_file_two_processes)->UseRealTime();

void a_refusal(benchmark::State& state) {
    Ledger ledger = Ledger::in_memory();
    Limits limits = four_windows(59);
    limits.windows[3].requests = 1;
    ask(state, ledger, limits);
}
BENCHMARK(a_refusal);

/// What is usually written instead: one bucket, one process, nothing remembered.
class TokenBucket {
public:
    TokenBucket(double rate, double burst) : rate_{rate}, burst_{burst}, tokens_{burst} {}
    bool take() {
        const std::lock_guard hold{mutex_};
        const auto now = std::chrono::steady_clock::now();
        tokens_ = std::min(burst_, tokens_ + std::chrono::duration<double>(now - last_).count() * rate_);
        last_ = now;
        if (tokens_ < 1) {
            return false;
        }
        tokens_ -= 1;
        return true;
    }

private:
    std::mutex mutex_;
    double rate_;
    double burst_;
    double tokens_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void one_token_bucket_with_a_mutex(benchmark::State& state) {
    TokenBucket bucket{1e9, 1e6};
    for (auto _ : state) {
        benchmark::DoNotOptimize(bucket.take());
    }
}
BENCHMARK(one_token_bucket_with_a_mutex);

void four_token_buckets_with_a_mutex(benchmark::State& state) {
    TokenBucket buckets[] = {{1e9, 1e6}, {1e9, 1e6}, {1e9, 1e6}, {1e9, 1e6}};
    for (auto _ : state) {
        for (TokenBucket& bucket : buckets) {
            benchmark::DoNotOptimize(bucket.take());
        }
    }
}
BENCHMARK(four_token_buckets_with_a_mutex);

void one_redis_gcra(benchmark::State& state) {
    const Folder folder;
    const auto redis = RedisGcra::start(folder.path());
    if (redis == nullptr) {
        state.SkipWithError("redis-server is not installed, or does not start");
        return;
    }
    for (auto _ : state) {
        if (!redis->ask()) {
            state.SkipWithError("redis refused");
        }
    }
}
BENCHMARK(one_redis_gcra)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
