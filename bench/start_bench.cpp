// How long a whole process takes: `quantconf get` of one value of the bot's configuration, beside /bin/true.
//
//   build/release/bin/start_bench --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true

#include <array>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

/// Starts the program, its output thrown away, and waits for its end; whether it ended well.
bool run(const char* const* arguments) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t process = 0;
    int status = -1;
    // posix_spawn takes char* const* for the sake of old C and changes nothing.
    const bool ended = posix_spawn(&process, arguments[0], &actions, nullptr,
                                   const_cast<char* const*>(arguments), environ) == 0 &&
                       waitpid(process, &status, 0) == process;
    posix_spawn_file_actions_destroy(&actions);
    return ended && status == 0;
}

void measure(benchmark::State& state, const char* const* arguments) {
    for (auto _ : state) {
        if (!run(arguments)) {
            state.SkipWithError("the program failed");
            return;
        }
    }
}

void bin_true(benchmark::State& state) {
    static constexpr std::array<const char*, 2> kArguments = {"/bin/true", nullptr};
    measure(state, kArguments.data());
}
BENCHMARK(bin_true)->Unit(benchmark::kMillisecond)->UseRealTime();

void quantconf_get(benchmark::State& state) {
    static constexpr std::array<const char*, 6> kArguments = {QUANTCONF_TOOL,
                                                              "--config-dir",
                                                              QUANTCONF_SOURCE_DIR "/examples/config",
                                                              "get",
                                                              "trading.max_position_size",
                                                              nullptr};
    measure(state, kArguments.data());
}
BENCHMARK(quantconf_get)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
