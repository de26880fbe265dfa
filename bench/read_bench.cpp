// What a look at a limit costs, beside what people use instead: a bare acquire load of a pointer (which
// cannot free the old version), a mutex with a shared_ptr, std::atomic<std::shared_ptr>, and a look-up by
// name in yaml-cpp. Alone, with dependent steps, with two threads, and while somebody publishes 1,000
// versions a second.
//
//   cmake --preset release -DQUANTCONF_BUILD_BENCH=ON && cmake --build --preset release
//   build/release/bin/read_bench

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#ifdef QUANTCONF_HAS_YAML_CPP
#include <yaml-cpp/yaml.h>
#endif

#include "quantconf/hub.hpp"
#include "quantconf/quantbot.hpp"

namespace {

using quantconf::Hub;
using quantconf::quantbot::Config;

std::shared_ptr<const Config> version(double size) {
    auto config = std::make_shared<Config>();
    config->trading.max_position_size = size;
    return config;
}

/// One of each way to share a configuration. Made once: benchmarks with several threads share it.
struct Shared {
    Hub<Config> hub{version(0.05)};
    std::shared_ptr<const Config> kept = version(0.05);
    std::atomic<const Config*> pointer = kept.get();
    std::mutex mutex;
    std::shared_ptr<const Config> guarded = version(0.05);
    std::atomic<std::shared_ptr<const Config>> atomic{version(0.05)};
};

Shared& shared() {
    static auto* const kShared = new Shared;
    return *kShared;
}

void hub_reader(benchmark::State& state) {
    auto reader = shared().hub.reader();
    for (auto _ : state) {
        benchmark::DoNotOptimize(reader.latest().trading.max_position_size);
    }
}

void bare_acquire_load(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(shared().pointer.load(std::memory_order_acquire)->trading.max_position_size);
    }
}

void mutex_and_shared_ptr(benchmark::State& state) {
    for (auto _ : state) {
        std::shared_ptr<const Config> config;
        {
            const std::lock_guard lock{shared().mutex};
            config = shared().guarded;
        }
        benchmark::DoNotOptimize(config->trading.max_position_size);
    }
}

void atomic_shared_ptr(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(shared().atomic.load(std::memory_order_acquire)->trading.max_position_size);
    }
}

#ifdef QUANTCONF_HAS_YAML_CPP
void yaml_cpp_lookup(benchmark::State& state) {
    static const YAML::Node kRoot = YAML::Load("trading: {max_position_size: 0.05, max_daily_loss: 5000}");
    for (auto _ : state) {
        benchmark::DoNotOptimize(kRoot["trading"]["max_position_size"].as<double>());
    }
}
#endif

/// Each look decides where the next one goes, so that nothing overlaps: what a look adds to a chain of
/// decisions.
template <typename Look>
void dependent(benchmark::State& state, Look look) {
    double sum = 0;
    for (auto _ : state) {
        sum += look(sum);
        benchmark::DoNotOptimize(sum);
    }
}
void hub_reader_dependent(benchmark::State& state) {
    auto reader = shared().hub.reader();
    dependent(state,
              [&](double sum) { return reader.latest().trading.max_position_size * (sum < 0 ? 1 : 2); });
}
void bare_acquire_load_dependent(benchmark::State& state) {
    dependent(state, [&](double sum) {
        return shared().pointer.load(std::memory_order_acquire)->trading.max_position_size *
               (sum < 0 ? 1 : 2);
    });
}

/// The slowest of 100 looks, again and again, while another thread publishes 1,000 versions a second.
template <typename Publish, typename Look>
void under_publications(benchmark::State& state, Publish publish, Look look) {
    std::atomic<bool> is_over = false;
    std::thread writer{[&] {
        for (double size = 0.01; !is_over; size += 0.0001) {
            publish(version(size));
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }};
    std::vector<double> times;
    for (auto _ : state) {
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < 100; ++i) {
            benchmark::DoNotOptimize(look());
        }
        const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
        times.push_back(took.count() / 100);
    }
    is_over = true;
    writer.join();
    std::ranges::sort(times);
    const auto at = [&](double part) {
        return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
    };
    state.counters["p50_ns"] = at(0.5);
    state.counters["p99_ns"] = at(0.99);
    state.counters["p99.9_ns"] = at(0.999);
}
void hub_reader_under_publications(benchmark::State& state) {
    auto reader = shared().hub.reader();
    under_publications(
        state, [](std::shared_ptr<const Config> next) { shared().hub.publish(std::move(next)); },
        [&] { return reader.latest().trading.max_position_size; });
}
void mutex_under_publications(benchmark::State& state) {
    under_publications(
        state,
        [](std::shared_ptr<const Config> next) {
            const std::lock_guard lock{shared().mutex};
            shared().guarded = std::move(next);
        },
        [] {
            std::shared_ptr<const Config> config;
            {
                const std::lock_guard lock{shared().mutex};
                config = shared().guarded;
            }
            return config->trading.max_position_size;
        });
}
void atomic_shared_ptr_under_publications(benchmark::State& state) {
    under_publications(
        state, [](std::shared_ptr<const Config> next) { shared().atomic.store(std::move(next)); },
        [] { return shared().atomic.load()->trading.max_position_size; });
}

/// Publishing itself, with two readers that look now and then; memory stays flat, see docs/performance.md.
void publish_to_two_readers(benchmark::State& state) {
    Hub<Config> hub{version(0.05)};
    auto one = hub.reader();
    auto other = hub.reader();
    for (auto _ : state) {
        hub.publish(version(0.04));
        benchmark::DoNotOptimize(one.latest().trading.max_position_size);
    }
    benchmark::DoNotOptimize(other.latest().trading.max_position_size);
}

BENCHMARK(bare_acquire_load)->ThreadRange(1, 2);
BENCHMARK(hub_reader)->ThreadRange(1, 2);
BENCHMARK(mutex_and_shared_ptr)->ThreadRange(1, 2);
BENCHMARK(atomic_shared_ptr)->ThreadRange(1, 2);
#ifdef QUANTCONF_HAS_YAML_CPP
BENCHMARK(yaml_cpp_lookup);
#endif
BENCHMARK(bare_acquire_load_dependent);
BENCHMARK(hub_reader_dependent);
BENCHMARK(hub_reader_under_publications);
BENCHMARK(mutex_under_publications);
BENCHMARK(atomic_shared_ptr_under_publications);
BENCHMARK(publish_to_two_readers);

}  // namespace
