// Readers on several threads come, look and go while versions are published as fast as possible. Prints what
// it did; exit code 1 if anybody saw half a version, an older one after a newer one, or one that was
// destroyed.
//
//   hub_stress PUBLICATIONS

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
    quantconf::Hub<Stamp> hub{std::make_shared<const Stamp>(0)};
    std::atomic<bool> is_over = false;
    std::atomic<long> wrong = 0;
    std::array<long, kReaders> seen{};
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
                    seen[static_cast<std::size_t>(i)] += stamp.version() != last ? 1 : 0;
                    last = stamp.version();
                }
            }
            auto reader = hub.reader();
            if (reader.latest().version() != publications) {
                wrong.fetch_add(1, std::memory_order_relaxed);
            }
        });
    }
    for (long version = 1; version <= publications; ++version) {
        hub.publish(std::make_shared<const Stamp>(version));
    }
    is_over = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
    std::printf("%ld publications; versions seen by the readers: %ld %ld %ld; %ld mistakes\n", publications,
                seen[0], seen[1], seen[2], wrong.load());
    return wrong.load() == 0 && seen[0] > 0 ? 0 : 1;
}
