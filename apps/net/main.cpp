// quantconf-net: the commands of quantconf that talk to data providers. Nobody needs to call it: quantconf
// does.

#include <array>
#include <string_view>
#include <utility>

#include "apps/net/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/program.hpp"

namespace quantconf::app {
namespace {

int run(Arguments arguments) {
    using Command = int (*)(const Session&);
    static constexpr std::array<std::pair<std::string_view, Command>, 3> kCommands{{
        {"keys", run_keys},
        {"sources", run_sources},
        {"fetch", run_fetch},
    }};
    const auto session = Session::open(std::move(arguments), process_variables());
    if (!session) {
        return session.error();
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
