// What a request through SourceClient costs: limits, ledger, key, connection, classification; against the
// provider simulator on this machine, cache off, every question another one. And how long it takes to check
// ten keys, one of whose providers is slow.
//
//   client_bench [SECONDS]

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include "quantconf/sources.hpp"
#include "support/simulated_bot.hpp"
#include "support/simulator.hpp"

namespace {

using namespace std::chrono_literals;
using namespace quantconf;
using quantbot::Provider;
using Seconds = std::chrono::duration<double>;

Seconds now() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

/// Of this process; the simulator is another one.
Seconds processor_time() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return Seconds{static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6};
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

sources::Query question(int number) {
    return {.source = Provider::Polygon,
            .path = "/v1/marketstatus/now",
            .parameters = {{"n", std::to_string(number)}},
            .max_age = Duration{}};
}

/// So many threads ask as fast as they can.
void requests(sources::SourceClient& client, int threads, Seconds length) {
    std::atomic<int> number = 0;
    std::atomic<int> failed = 0;
    std::vector<std::vector<double>> times(static_cast<std::size_t>(threads));
    const Seconds began = now();
    const Seconds used = processor_time();
    {
        std::vector<std::jthread> asking;
        for (auto& mine : times) {
            asking.emplace_back([&] {
                while (now() < began + length) {
                    const Seconds sent = now();
                    const sources::Answer answer = client.get(question(number++));
                    mine.push_back((now() - sent).count());
                    if (!answer.has_data() && failed++ == 0) {
                        std::printf("failed: %s\n", answer.verdict.reason.c_str());
                    }
                }
            });
        }
    }
    const double took = (now() - began).count();
    const double cost = (processor_time() - used).count();
    std::vector<double> all;
    for (const auto& mine : times) {
        all.insert(all.end(), mine.begin(), mine.end());
    }
    std::ranges::sort(all);
    const auto count = static_cast<double>(all.size());
    std::printf(
        "%2d threads: %6.0f requests/s, %6.0f a second of processor time (%.0f us each), "
        "p50 %.2f ms, p99 %.2f ms, %d failed\n",
        threads, count / took, count / cost, cost / count * 1e6, all[all.size() / 2] * 1e3,
        all[all.size() * 99 / 100] * 1e3, failed.load());
}

/// Through the client's own threads, many at a time.
void futures(sources::SourceClient& client, Seconds length) {
    constexpr int kAtATime = 256;
    const Seconds began = now();
    const Seconds used = processor_time();
    int count = 0;
    while (now() < began + length) {
        std::vector<std::future<sources::Answer>> answers;
        for (int i = 0; i < kAtATime; ++i) {
            answers.push_back(client.get_later(question(count++)));
        }
        for (auto& answer : answers) {
            answer.get();
        }
    }
    std::printf("   futures: %6.0f requests/s, %6.0f a second of processor time\n",
                count / (now() - began).count(), count / (processor_time() - used).count());
}

void keys(sources::SourceClient& client, const sources::test::Simulator& simulator) {
    constexpr int kLatency = 300;
    simulator.fault("fred", "latency", R"("ms":300)");
    for (int i = 0; i < 5; ++i) {
        const Seconds began = now();
        const auto reports = client.check_keys();
        const double took = (now() - began).count() * 1e3;
        const auto good =
            std::ranges::count(reports, sources::KeyStatus::Valid, &sources::KeyReport::last_status);
        std::printf("   %zu keys, %td good: %.0f ms, where the slowest answer takes %d ms\n", reports.size(),
                    good, took, kLatency);
    }
}

}  // namespace

int main(int count, char** words) {
    const Seconds length{count > 1 ? std::atof(words[1]) : 3.0};
    std::vector<std::string> options;
    for (const auto& [provider, source] : EnumTable<Provider>::names) {
        options.insert(options.end(), {"--limit", std::string{source} + "=none"});
    }
    const sources::test::Simulator simulator{options};
    const sources::test::SimulatedBot folder{simulator};
    auto manager =
        ConfigManager<quantbot::Config>::open({.environment = "testing", .config_dir = folder.config()});
    if (!manager) {
        std::fprintf(stderr, "%s\n", to_text(manager.error()).c_str());
        return 1;
    }
    auto client = sources::SourceClient::open(*manager, {.quota_dir = folder.quota()});
    if (!client) {
        std::fprintf(stderr, "%s\n", to_text(client.error()).c_str());
        return 1;
    }
    for (const int threads : {1, 4, 16}) {
        requests(*client, threads, length);
    }
    futures(*client, length);
    keys(*client, simulator);
    return 0;
}
