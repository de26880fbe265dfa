// quantconf-vault: the commands of quantconf that may unlock the secret store. Nobody needs to call it:
// quantconf does.

#include <array>
#include <string_view>
#include <utility>

#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/program.hpp"
#include "apps/vault/commands.hpp"

namespace quantconf::app {
namespace {

int run(Arguments arguments) {
    using Command = int (*)(const Session&);
    static constexpr std::array<std::pair<std::string_view, Command>, 15> kCommands{{
        {"check", run_check},
        {"init", run_init},
        {"doctor", run_doctor},
        {"secret", run_secret},
        {"audit", run_audit},
        {"run", run_run},
        {"get", run_reveal},
        {"set", run_set},
        {"history", run_history},
        {"diff", run_diff_versions},
        {"at", run_at},
        {"rollback", run_rollback},
        {"reload", run_reload},
        {"health", run_health},
        {"watch", run_watch},
    }};
    const bool is_run = arguments.command == "run";
    const auto session = Session::open(std::move(arguments), process_variables());
    if (!session) {
        return is_run ? int{kRunFailed} : session.error();
    }
    for (const auto& [name, command] : kCommands) {
        if (name == session->arguments().command) {
            return command(*session);
        }
    }
    return session->fail(kWrongUsage, "this command belongs to quantconf", "call `quantconf` instead");
}

}  // namespace
}  // namespace quantconf::app

int main(int argc, char** argv) {
    using namespace quantconf::app;
    return run_program(argc, argv, run);
}
