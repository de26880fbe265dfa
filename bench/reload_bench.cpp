// How long after a file was renamed into place a reader sees its value: the example of the bot, followed
// without a debounce, everything recorded durably before it is shown. In memory, and on a disk beside what
// that disk needs for one fdatasync at the same time.
//
//   cmake --preset release -DQUANTCONF_BUILD_BENCH=ON && cmake --build --preset release
//   build/release/bin/reload_bench             (QUANTCONF_BENCH_DIR names a folder on the disk in question)

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "quantconf/manager.hpp"
#include "quantconf/quantbot.hpp"

namespace {

using namespace quantconf;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Bot = quantbot::Config;

constexpr int kRenames = 2'000;

/// The reader's own loop; as it sleeps in between, it does not keep one of two cores from what it waits for.
constexpr std::chrono::microseconds kBetweenLooks{20};

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>{Clock::now() - start}.count();
}

double percentile(std::vector<double>& times, double part) {
    std::ranges::sort(times);
    return times.empty() ? 0 : times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
}

/// A folder with the example's configuration, gone with this.
class Folder {
public:
    explicit Folder(const fs::path& parent) {
        std::string text = (parent / "reload_bench.XXXXXX").string();
        path_ = mkdtemp(text.data()) == nullptr ? fs::path{} : fs::canonical(text);
        fs::create_directory(config());
        for (const char* name : {"base.yaml", "development.yaml"}) {
            fs::copy_file(fs::path{QUANTCONF_SOURCE_DIR} / "examples/config" / name, config() / name);
        }
        put(0);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }

    [[nodiscard]] fs::path config() const { return path_ / "config"; }
    /// A new local.yaml beside the old one, and then its name. Returns the moment before the rename.
    Clock::time_point put(int number) const {
        const fs::path fresh = config() / ".local.yaml.new";
        std::ofstream{fresh} << fmt::format("trading: {{max_position_size: {:.6f}}}\n", size(number));
        const auto start = Clock::now();
        fs::rename(fresh, config() / "local.yaml");
        return start;
    }
    [[nodiscard]] static double size(int number) { return 0.01 + number * 0.000001; }
    /// What the disk takes for a page of a log.
    [[nodiscard]] double fdatasync_ms() const {
        static const std::string kPage(4096, 'x');
        const Descriptor file{
            ::open((path_ / "page").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
        const auto start = Clock::now();
        const bool done =
            ::write(file.get(), kPage.data(), kPage.size()) == 4096 && ::fdatasync(file.get()) == 0;
        return done ? milliseconds_since(start) : 0;
    }

private:
    fs::path path_;
};

void report(benchmark::State& state, const std::string& what, std::vector<double> times) {
    state.counters[what + "p50_ms"] = percentile(times, 0.5);
    state.counters[what + "p99_ms"] = percentile(times, 0.99);
    state.counters[what + "max_ms"] = percentile(times, 1);
}

/// `pause`: between a value that was seen and the next rename, in milliseconds.
void rename_to_visible(benchmark::State& state, const fs::path& parent) {
    const Folder folder{parent};
    auto manager = ConfigManager<Bot>::open({.environment = "development",
                                             .config_dir = folder.config(),
                                             .debounce = std::chrono::milliseconds{0},
                                             .variables = std::vector<std::string>{},
                                             .missing_secrets = OnMissingSecret::Absent});
    if (!manager) {
        state.SkipWithError(to_text(manager.error()).c_str());
        return;
    }
    auto reader = manager->reader();
    std::vector<double> seen;
    std::vector<double> disk;
    int number = 0;
    for (auto _ : state) {
        std::this_thread::sleep_for(std::chrono::milliseconds{state.range(0)});
        disk.push_back(folder.fdatasync_ms());
        const auto start = folder.put(++number);
        while (std::abs(reader.latest().trading.max_position_size - Folder::size(number)) > 1e-9) {
            std::this_thread::sleep_for(kBetweenLooks);
            if (milliseconds_since(start) > 10'000) {
                state.SkipWithError("it was never seen");
                return;
            }
        }
        seen.push_back(milliseconds_since(start));
        state.SetIterationTime(seen.back() / 1'000);
    }
    report(state, "", seen);
    report(state, "fdatasync_", disk);
    state.counters["target_ms"] = 5 + (parent == "/dev/shm" ? 0 : 3 * percentile(disk, 0.99));
    state.counters["refused"] = static_cast<double>(manager->health().failed);
}

void in_memory(benchmark::State& state) {
    rename_to_visible(state, "/dev/shm");
}
void on_disk(benchmark::State& state) {
    const char* parent = std::getenv("QUANTCONF_BENCH_DIR");
    rename_to_visible(state, parent == nullptr ? "." : parent);
}

BENCHMARK(in_memory)->ArgName("pause")->Arg(0)->Arg(25)->Iterations(kRenames)->UseManualTime()->Unit(
    benchmark::kMillisecond);
BENCHMARK(on_disk)->ArgName("pause")->Arg(0)->Arg(25)->Iterations(kRenames)->UseManualTime()->Unit(
    benchmark::kMillisecond);

}  // namespace
