// Memory does not grow with the number of versions: many are published in memory while one reader looks and
// another never does, and many full loads are recorded and published, also with an override of the process
// and with managers that come and go. Exit code 1 if more memory is resident at the end than after a warm-up,
// and the allowance.
//
//   memory_flat PUBLICATIONS RELOADS

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "quantconf/manager.hpp"
#include "quantconf/quantbot.hpp"
#include "stress/torture_folder.hpp"

namespace {

namespace fs = std::filesystem;
using quantconf::quantbot::Config;
using Manager = quantconf::ConfigManager<Config>;

/// What an allocator may keep for itself. One word lost with each of 100,000 versions would be more.
constexpr long kAllowedKb = 512;
/// Until the page cache of SQLite is full, two megabytes.
constexpr long kWarmUp = 400;

long resident_kb() {
    std::ifstream file{"/proc/self/statm"};
    long all = 0;
    long resident = 0;
    file >> all >> resident;
    return resident * ::sysconf(_SC_PAGESIZE) / 1024;
}

/// Does `step` as often as that, after a warm-up; false if memory grew.
bool stays_flat(const char* what, long times, const std::function<bool(long)>& step) {
    long before = 0;
    for (long i = 0; i < kWarmUp + times; ++i) {
        if (i == kWarmUp) {
            before = resident_kb();
        }
        if (!step(i)) {
            std::printf("FAILED: %s, number %ld\n", what, i);
            return false;
        }
    }
    const long after = resident_kb();
    const bool is_flat = after - before <= kAllowedKb;
    std::printf("%-10s %9ld   resident %6ld kB before, %6ld kB at the end   %s\n", what, times, before, after,
                is_flat ? "flat" : "GROWN");
    return is_flat;
}

double size_of(long number) {
    return 0.01 + static_cast<double>(number % 1'000) / 100'000;
}

/// Two files are different on each turn.
void write(const fs::path& config, long number) {
    torture::rename_over(config / "local.yaml",
                         "trading: {max_position_size: " + std::to_string(size_of(number)) + "}\n");
    torture::rename_over(config / ".env",
                         number % 2 == 0 ? "QUANTBOT_DEBUG=true\n" : "QUANTBOT_DEBUG=false\n");
}

/// In memory alone, with a reader that looks and one that never does.
bool publish_many(const std::shared_ptr<const Config>& first, long times) {
    quantconf::Hub<Config> hub{first};
    auto looking = hub.reader();
    auto forgetful = hub.reader();
    const bool is_flat = stays_flat("publish", times, [&](long number) {
        auto config = std::make_shared<Config>(*first);
        config->trading.max_position_size = size_of(number);
        hub.publish(std::move(config));
        return looking.latest().trading.max_position_size == size_of(number);
    });
    return is_flat && forgetful.held().app_name == first->app_name;
}

bool run(long publications, long reloads) {
    const torture::Folder folder;
    const fs::path config = folder.path() / "config";
    fs::create_directory(config);
    for (const char* name : {"base.yaml", "development.yaml"}) {
        fs::copy_file(fs::path{QUANTCONF_SOURCE_DIR} / "examples/config" / name, config / name);
    }
    write(config, 0);
    const quantconf::OpenOptions options{.environment = "development",
                                         .config_dir = config,
                                         .auto_reload = false,
                                         .variables = std::vector<std::string>{},
                                         .missing_secrets = quantconf::OnMissingSecret::Absent};
    auto manager = Manager::open(options);
    if (!manager) {
        std::printf("FAILED: %s\n", to_text(manager.error()).c_str());
        return false;
    }
    auto reader = manager->reader();
    const auto reload = [&](long number) {
        write(config, number + 1);
        const auto report = manager->reload();
        return report && report->changes.size() == 2 && reader.latest().debug == (number % 2 != 0);
    };
    const auto update = [&](long number) {
        return manager->update({{"trading.max_position_size", size_of(number + 1)}}).has_value();
    };
    const auto open = [&](long) { return Manager::open(options).has_value(); };
    const bool all[] = {publish_many(manager->snapshot(), publications),
                        stays_flat("reload", reloads, reload), stays_flat("update", reloads, update),
                        stays_flat("open", reloads / 10, open)};
    return std::ranges::all_of(all, std::identity{});
}

}  // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const long publications = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 100'000;
    const long reloads = argc > 2 ? std::strtol(argv[2], nullptr, 10) : 300;
    return run(publications, reloads) ? 0 : 1;
}
