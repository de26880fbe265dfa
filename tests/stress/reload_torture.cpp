// A folder is changed in every way that people and programs change files, while two threads read the
// configuration that follows it. Whatever is final has to become visible within five seconds; nothing that is
// torn, mixed, invalid or older than what was seen before may ever be.
//
//   reload_torture CHANGES [SEED]
//
// Permissions mean something only to an ordinary user: as root it refuses to run. Exit code 1: a promise was
// broken, and it says which.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <thread>

#include <unistd.h>

#include "stress/torture_changes.hpp"

namespace torture {

const quantconf::Schema& Bot::schema() {
    static const auto kSchema = quantconf::Schema::of<Bot>(
        {.app = "torture",
         .env_prefix = "TORTURE",
         .rules = {{.name = "sets_agree",
                    .text = "Both files belong to one set.",
                    .paths = {"base.set", "own.set"},
                    .check = [](const quantconf::RuleView& view) -> std::vector<quantconf::Finding> {
                        if (view.at("base.set").as_integer() == view.at("own.set").as_integer()) {
                            return {};
                        }
                        return {{.path = "base.set", .message = "the files are of two sets"}};
                    }}}});
    return kSchema;
}

namespace {

/// Reads as a trading loop does, and believes nothing.
class Reading {
public:
    explicit Reading(const Manager& manager) : thread_{[this, &manager] { read(manager); }} {}
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading() { stop(); }

    void stop() {
        is_over_ = true;
        if (thread_.joinable()) {
            thread_.join();
        }
    }
    /// After stop().
    [[nodiscard]] long versions() const { return versions_; }
    [[nodiscard]] long mistakes() const { return mistakes_; }

private:
    void read(const Manager& manager) {
        auto reader = manager.reader();
        const Bot* last = &reader.latest();
        Numbers before = numbers_of(*last);
        for (long look = 0; !is_over_; ++look) {
            const Bot& bot = reader.latest();
            const Numbers now = numbers_of(bot);
            const bool is_older = now.base < before.base || now.own < before.own || now.set < before.set ||
                                  now.shared < before.shared || (now.local != 0 && now.local < newest_local_);
            if (!bot.is_whole() || is_older) {
                ++mistakes_;
                std::printf("WRONG: %s after %s; whole: %d\n", now.text().c_str(), before.text().c_str(),
                            bot.is_whole() ? 1 : 0);
            }
            versions_ += now == before ? 0 : 1;
            newest_local_ = std::max(newest_local_, now.local);
            before = now;
            if (look % 256 == 0) {
                std::this_thread::sleep_for(std::chrono::microseconds{50});  // Others need the machine, too.
            }
        }
    }

    std::atomic<bool> is_over_ = false;
    long versions_ = 0;
    long mistakes_ = 0;
    long newest_local_ = 0;
    std::thread thread_;
};

struct Statistics {
    long changes = 0;
    std::vector<double> milliseconds;

    [[nodiscard]] double percentile(double share) const {
        std::vector<double> sorted = milliseconds;
        std::ranges::sort(sorted);
        return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
    }
};

void print(const std::string& name, const Statistics& of) {
    std::printf("%-28s %6ld   p50 %8.2f ms   p99 %8.2f ms\n", name.c_str(), of.changes, of.percentile(0.5),
                of.percentile(0.99));
}

/// One change, and what comes of it; false if a promise was broken.
bool change_once(Stage& stage, const Kind& kind, Statistics& statistics) {
    ++stage.number;
    stage.done = {};
    const std::string problem = kind.change(stage);
    if (stage.done == Clock::time_point{}) {
        stage.done = Clock::now();
    }
    if (!problem.empty()) {
        std::printf("FAILED: change %ld, %s: %s\n", stage.number, kind.name.c_str(), problem.c_str());
        return false;
    }
    const bool is_visible = Stage::comes_true(
        [&] { return numbers_of(*stage.manager.snapshot()) == stage.expected && !stage.is_refused(); });
    const std::chrono::duration<double, std::milli> took = Clock::now() - stage.done;
    if (!is_visible) {
        std::printf("FAILED: change %ld, %s: expected %s, but it is %s; last error: %s\n", stage.number,
                    kind.name.c_str(), stage.expected.text().c_str(),
                    numbers_of(*stage.manager.snapshot()).text().c_str(),
                    stage.manager.health().last_error.c_str());
        return false;
    }
    ++statistics.changes;
    statistics.milliseconds.push_back(took.count());
    return true;
}

int run(long changes, unsigned seed) {
    const Folder folder;
    const fs::path config = folder.path() / "config";
    fs::create_directory(config);
    write_in_place(config / "base.yaml", layer("base", 0, 0));
    write_in_place(config / "development.yaml", layer("own", 0, 0));
    const quantconf::OpenOptions options{.config_dir = config,
                                         .debounce = std::chrono::milliseconds{10},
                                         .variables = std::vector<std::string>{}};
    auto manager = Manager::open(options);
    auto quiet = options;
    quiet.auto_reload = false;
    auto other = Manager::open(quiet);
    if (!manager || !other) {
        std::printf("FAILED: %s\n", to_text(manager ? other.error() : manager.error()).c_str());
        return 1;
    }
    std::array<Reading, 2> readings{Reading{*manager}, Reading{*manager}};
    Stage stage{.root = folder.path(),
                .config = config,
                .manager = *manager,
                .other = *other,
                .random = std::minstd_rand{seed}};
    std::map<std::string, Statistics> statistics;
    bool is_right = true;
    const auto began = Clock::now();
    for (long i = 0; i < changes && is_right; ++i) {
        const Kind& kind = kinds()[stage.random() % kinds().size()];
        is_right = change_once(stage, kind, statistics[kind.name]);
    }
    const std::chrono::duration<double> took = Clock::now() - began;
    Statistics all;
    for (const auto& [name, some] : statistics) {
        if (!some.milliseconds.empty()) {
            print(name, some);
            all.changes += some.changes;
            all.milliseconds.insert(all.milliseconds.end(), some.milliseconds.begin(),
                                    some.milliseconds.end());
        }
    }
    if (!all.milliseconds.empty()) {
        print("all", all);
    }
    for (Reading& reading : readings) {
        reading.stop();
        is_right = is_right && reading.mistakes() == 0 && reading.versions() > 0;
        std::printf("a reader saw %ld versions; %ld mistakes\n", reading.versions(), reading.mistakes());
    }
    const auto health = manager->health();
    std::printf("%lu reloads, %lu without change, %lu refused; seed %u; %.1f s\n%s\n", health.reloads,
                health.unchanged, health.failed, seed, took.count(), is_right ? "fine" : "BROKEN");
    return is_right ? 0 : 1;
}

}  // namespace
}  // namespace torture

int main(int argc, char** argv) {
    if (::geteuid() == 0) {
        std::puts("root reads everything: run it as an ordinary user");
        return 2;
    }
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const long changes = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 1'000;
    const auto seed =
        argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : std::random_device{}();
    std::printf("seed %u\n", seed);
    return torture::run(changes, seed);
}
