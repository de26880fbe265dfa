// A trading loop whose limits change while it runs: by `quantconf set`, an editor, a rollback, a broken file.
// It prints what happens to it, and at the end how often it has looked and what a look costs.
//
// SIGHUP has it look at its files at once. A library installs no signal handlers: this is the way for a bot.
//
//   cpp_bot CONFIG_DIR [SECONDS]

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <quantconf/manager.hpp>
#include <quantconf/quantbot.hpp>

namespace {

using quantconf::ConfigManager;
using quantconf::quantbot::Config;
using Clock = std::chrono::steady_clock;

std::mutex printing;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): one terminal.

void say(Clock::time_point start, const std::string& text) {
    const std::lock_guard lock{printing};
    const auto now = std::chrono::duration<double>(Clock::now() - start).count();
    std::cout << "  " << std::to_string(now).substr(0, 5) << " s  " << text << std::endl;
}

/// All that a signal handler may do: reload() takes locks and memory, which the thread that was interrupted
/// may hold. The loop below sees it. A bot that waits for signals with sigwait() or signalfd() instead blocks
/// them before it opens the manager, whose threads inherit that.
std::atomic<bool> is_reload_wanted = false;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
static_assert(std::atomic<bool>::is_always_lock_free, "otherwise no signal handler may touch it");

extern "C" void on_hangup(int /*signal*/) {
    is_reload_wanted = true;
}

/// What one thread of the bot has done.
struct Tally {
    std::uint64_t looks = 0;
    std::uint64_t orders = 0;
    std::uint64_t refused = 0;
};

/// Asks for its limits before every order, millions of times a second. The reference is good for one
/// decision.
Tally trade(ConfigManager<Config>::Reader reader, const std::atomic<bool>& is_over) {
    Tally tally;
    double size = 0;
    while (!is_over.load(std::memory_order_relaxed)) {
        const Config& config = reader.latest();
        size = size > 0.2 ? 0.001 : size + 0.001;
        ++(size > config.trading.max_position_size ? tally.refused : tally.orders);
        ++tally.looks;
    }
    return tally;
}

std::string describe(const quantconf::VersionLabel& version) {
    return "v" + std::to_string(version.number) + " " + version.hash.substr(0, 8);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string folder = argc > 1 ? argv[1] : "config";
    const std::chrono::seconds length{argc > 2 ? std::strtol(argv[2], nullptr, 10) : 5};
    const auto start = Clock::now();

    // A real bot refuses to start without its secrets, which is the default. This one sends no order
    // anywhere.
    auto manager = ConfigManager<Config>::open(
        {.config_dir = folder, .missing_secrets = quantconf::OnMissingSecret::Absent});
    if (!manager) {
        std::cerr << to_text(manager.error()) << '\n';
        return 1;
    }
    say(start, "trading with " + describe(manager->version()) + ", max_position_size " +
                   manager->get("trading.max_position_size").value_or("?"));

    // Before a change: a reason is a veto. After it: the readers see it already.
    const auto subscription = manager->watch(
        "trading",
        {.prepare = [](const quantconf::Transition<Config>& change) -> std::optional<std::string> {
             return change.after.trading.max_position_size > 0.5
                        ? std::optional<std::string>{"this bot never puts more than half into one position"}
                        : std::nullopt;
         },
         .commit =
             [&](const quantconf::Transition<Config>& change) {
                 for (const quantconf::ConfigChange& one : change.changes) {
                     say(start,
                         describe(change.version) + "  " + one.path + "  " + one.from + " -> " + one.to);
                 }
             }});

    std::atomic<bool> is_over = false;
    std::vector<Tally> tallies(2);
    std::vector<std::thread> threads;
    for (Tally& tally : tallies) {
        threads.emplace_back([&] { tally = trade(manager->reader(), is_over); });
    }
    std::signal(SIGHUP, on_hangup);
    std::string last_error;
    while (Clock::now() < start + length) {
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        if (is_reload_wanted.exchange(false)) {
            const auto report = manager->reload();
            say(start, "asked by SIGHUP: " + std::string{!report                   ? "refused"
                                                         : report->changes.empty() ? "nothing new"
                                                                                   : "loaded"});
        }
        const std::string error = manager->health().last_error;
        if (error != last_error) {
            say(start, error.empty() ? "the files are fine again"
                                     : "kept " + describe(manager->version()) + ": " + error);
            last_error = error;
        }
    }
    is_over = true;
    for (std::thread& thread : threads) {
        thread.join();
    }

    std::uint64_t looks = 0;
    for (const Tally& tally : tallies) {
        looks += tally.looks;
        say(start, std::to_string(tally.looks) + " decisions, " + std::to_string(tally.refused) +
                       " refused by the limit");
    }
    const quantconf::LiveHealth health = manager->health();
    const auto ns = static_cast<double>(length.count()) * 1e9 * static_cast<double>(tallies.size()) /
                    static_cast<double>(looks);
    say(start, "one decision took " + std::to_string(ns).substr(0, 4) + " ns; " +
                   std::to_string(health.reloads) + " reloads, " + std::to_string(health.failed) +
                   " of them refused; ended with " + describe(health.version));
    return 0;
}
