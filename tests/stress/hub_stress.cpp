// Readers on several threads come, look and go while versions are published as fast as possible. Prints what
// it did; exit code 1 if anybody saw half a version, an older one after a newer one, or one that was
// destroyed.
//
//   hub_stress PUBLICATIONS
//
// It goes on for longer if that is over before each reader has seen a hundred versions.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "quantconf/hub.hpp"

namespace {

/// Every element is the number of the version, until the version is destroyed.
class Stamp {
public:
    explicit Stamp(long version) { copies_.fill(version); }
    Stamp(const Stamp&) = delete;
    Stamp& operator=(const Stamp&) = delete;
    ~Stamp() { copies_.fill(-1); }

    [[nodiscard]] long version() const { return copies_.front(); }
    [[nodiscard]] bool is_whole() const {
        return version() >= 0 &&
               std::ranges::all_of(copies_, [this](long copy) { return copy == version(); });
    }

private:
    std::array<long, 16> copies_{};
};

}  // namespace

int main(int argc, char** argv) {
    const long publications = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 100'000;
    constexpr int kReaders = 3;
    constexpr long kSeenAtLeast = 100;
    quantconf::Hub<Stamp> hub{std::make_shared<const Stamp>(0)};
    std::atomic<bool> is_over = false;
    std::atomic<long> wrong = 0;
    std::array<std::atomic<long>, kReaders> seen{};
    std::atomic<long> newest = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kReaders; ++i) {
        threads.emplace_back([&, i] {
            long last = 0;
            while (!is_over.load(std::memory_order_relaxed)) {
                auto reader = hub.reader();
                for (int look = 0;
                     look < (i == 0 ? 1 << 20 : 100) && !is_over.load(std::memory_order_relaxed); ++look) {
                    const Stamp& stamp = reader.latest();
                    if (!stamp.is_whole() || stamp.version() < last || &stamp != &reader.held()) {
                        wrong.fetch_add(1, std::memory_order_relaxed);
                    }
                    if (stamp.version() != last) {
                        seen[static_cast<std::size_t>(i)].fetch_add(1, std::memory_order_relaxed);
                    }
                    last = stamp.version();
                }
            }
            auto reader = hub.reader();
            if (is_over && reader.latest().version() != newest) {
                wrong.fetch_add(1, std::memory_order_relaxed);
            }
        });
    }
    const auto has_seen_enough = [&](const std::atomic<long>& count) {
        return count.load(std::memory_order_relaxed) >= kSeenAtLeast;
    };
    long version = 0;
    while (version < publications || !std::ranges::all_of(seen, has_seen_enough)) {
        hub.publish(std::make_shared<const Stamp>(++version));
    }
    newest = version;
    is_over = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
    std::printf("%ld publications; versions seen by the readers: %ld %ld %ld; %ld mistakes\n", version,
                seen[0].load(), seen[1].load(), seen[2].load(), wrong.load());
    return wrong.load() == 0 ? 0 : 1;
}
