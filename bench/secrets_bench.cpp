// How long 1,000 secrets take once the key is there, and a durable `set` beside what the disk itself needs
// for one fsync and rename.
//
//   cmake --preset release -DQUANTCONF_BUILD_BENCH=ON && cmake --build --preset release
//   build/release/bin/secrets_bench            (QUANTCONF_BENCH_DIR names a folder on the disk in question)

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "crypto/random.hpp"
#include "secrets/audit_trail.hpp"
#include "secrets/store.hpp"
#include "secrets/store_on_disk.hpp"
#include "secrets/store_testing.hpp"
#include "state/database.hpp"

namespace {

using namespace quantconf;
namespace fs = std::filesystem;

constexpr int kSecrets = 1'000;

secrets::testing::Bench& filled() {
    static auto* const kBench = [] {
        auto* bench = new secrets::testing::Bench;
        secrets::Store store = bench->create();
        for (int i = 0; i < kSecrets; ++i) {
            (void)store.set(fmt::format("provider_{}_key", i), "not-a-real-key-of-32-characters!");
        }
        return bench;
    }();
    return *kBench;
}

/// Everything that a load does after the key was read: file checked, index decrypted, each value decrypted.
void open_and_resolve_1000(benchmark::State& state) {
    auto& bench = filled();
    for (auto _ : state) {
        const auto store = bench.open();
        for (const auto& info : store->list()) {
            benchmark::DoNotOptimize(store->get(info.name));
        }
    }
}

void resolve_1000(benchmark::State& state) {
    auto& bench = filled();
    const auto store = bench.open();
    const auto infos = store->list();
    for (auto _ : state) {
        for (const auto& info : infos) {
            benchmark::DoNotOptimize(store->get(info.name));
        }
    }
}

fs::path fresh_folder() {
    const char* parent = std::getenv("QUANTCONF_BENCH_DIR");
    std::string text = (fs::path{parent == nullptr ? "." : parent} / "secrets_bench.XXXXXX").string();
    return mkdtemp(text.data()) == nullptr ? fs::path{} : fs::canonical(text);
}

/// The disk's own price: write, fsync, rename, fsync of the folder.
void bare_replace(benchmark::State& state) {
    const fs::path folder = fresh_folder();
    const std::string bytes(4096, 'x');
    const Descriptor directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    for (auto _ : state) {
        Descriptor file{::open((folder / "t").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
        const bool done =
            ::write(file.get(), bytes.data(), bytes.size()) == 4096 && ::fsync(file.get()) == 0 &&
            ::rename((folder / "t").c_str(), (folder / "f").c_str()) == 0 && ::fsync(directory.get()) == 0;
        if (!done) {
            state.SkipWithError("the disk refused");
            break;
        }
    }
    fs::remove_all(folder);
}

/// What `set` is made of.
enum Parts : std::int64_t { Store = 0, WithMark = 1, WithMarkAndAudit = 2 };

/// `set` in a store with 20 secrets, with the generation before it kept; the mark beside the key and the
/// audit log come on top.
void durable_set(benchmark::State& state) {
    const fs::path folder = fresh_folder();
    for (const char* name : {"state", "keys"}) {
        fs::create_directory(folder / name);
        fs::permissions(folder / name, fs::perms::owner_all);
    }
    secrets::testing::Bench bench;
    auto tools = bench.tools();
    const SystemClock clock;
    auto database = state::Database::open(folder / "state/state.db");
    std::optional<secrets::AuditTrail> trail;
    if (state.range(0) == WithMarkAndAudit && database) {
        trail.emplace(*database, clock);
    }
    auto store = secrets::Store::create(
        secrets::store_on_disk({.file = folder / "state/secrets.qcs",
                                .mark_folder = state.range(0) == Store ? fs::path{} : folder / "keys"}),
        secrets::testing::key_of('k'),
        {.clock = tools.clock,
         .random = tools.random,
         .audit = trail ? static_cast<secrets::AuditSink&>(*trail) : tools.audit});
    if (!store) {
        state.SkipWithError(to_text(store.error()).c_str());
        return;
    }
    for (int i = 0; i < 20; ++i) {
        (void)store->set(fmt::format("provider_{}_key", i), "not-a-real-key-of-32-characters!");
    }
    for (auto _ : state) {
        if (!store->set("provider_7_key", "not-a-real-key-of-32-characters!")) {
            state.SkipWithError("the store refused");
            break;
        }
    }
    fs::remove_all(folder);
}

BENCHMARK(open_and_resolve_1000)->Unit(benchmark::kMillisecond);
BENCHMARK(resolve_1000)->Unit(benchmark::kMillisecond);
BENCHMARK(bare_replace)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(durable_set)
    ->ArgName("parts")
    ->Arg(Store)
    ->Arg(WithMark)
    ->Arg(WithMarkAndAudit)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
