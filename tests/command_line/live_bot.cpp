// A bot that does nothing but show its configuration, until SIGTERM.
//
// Usage: live_bot CONFIG_DIR ENVIRONMENT

#include <csignal>
#include <cstdio>
#include <string>

#include "quantconf/manager.hpp"
#include "quantconf/quantbot.hpp"

int main(int argc, char** argv) {
    if (argc < 3) {
        return 2;
    }
    sigset_t ends{};
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // Before the threads of the manager, which inherit it.
    const auto manager = quantconf::ConfigManager<quantconf::quantbot::Config>::open(
        {.environment = argv[2],
         .config_dir = argv[1],
         .missing_secrets = quantconf::OnMissingSecret::Absent});  // The test stores none.
    if (!manager) {
        std::fprintf(stderr, "%s\n", to_text(manager.error()).c_str());
        return 1;
    }
    int signal = 0;
    return sigwait(&ends, &signal);
}
