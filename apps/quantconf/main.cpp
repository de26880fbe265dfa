#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "apps/quantconf/arguments.hpp"
#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/diff.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/program.hpp"

namespace quantconf::app {
namespace {

/// "QC1203" asks about a diagnostic; every configuration path is lower case.
bool asks_about_a_code(const Arguments& arguments) {
    return arguments.command == "explain" &&
           (arguments.operands.front().starts_with("QC") || arguments.operands.front().starts_with("qc")) &&
           arguments.operands.front().size() > 2 && arguments.operands.front()[2] >= '0' &&
           arguments.operands.front()[2] <= '9';
}

/// Versions are kept in state.db, which this program does not know.
bool compares_versions(const Arguments& arguments) {
    return arguments.command == "diff" && std::ranges::any_of(arguments.operands, names_a_version);
}

/// The rest is done by the programs beside this one, which know the secret store and the network: their
/// libraries would make every `get` start twice as slowly. One takes our place, with the same words and the
/// same environment.
int become(std::string_view name, char** argv) {
    std::error_code problem;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
    const std::string program = (self.parent_path() / name).string();
    if (!problem) {
        ::execv(program.c_str(), argv);
        problem = {errno, std::generic_category()};
    }
    fmt::print(stderr,
               "error: cannot start {}: {}\nhint: all programs belong into one folder; install them again\n",
               program, problem.message());
    return kWorldFailed;
}

/// Commands that ask data providers.
bool needs_the_network(std::string_view command) {
    return command == "keys" || command == "sources" || command == "fetch";
}

int run(Arguments arguments, char** argv) {
    if (arguments.command == "version") {
        return run_version(arguments);
    }
    if (arguments.command == "completion") {
        return run_completion(arguments);
    }
    if (asks_about_a_code(arguments)) {
        return run_explain_code(arguments);
    }
    using Command = int (*)(const Session&);
    static constexpr std::array<std::pair<std::string_view, Command>, 6> kCommands{{
        {"show", run_show},
        {"get", run_get},
        {"explain", run_explain},
        {"diff", run_diff},
        {"schema", run_schema},
        {"env", run_env},
    }};
    for (const auto& [name, command] : kCommands) {
        if (name == arguments.command && !arguments.reveal && !compares_versions(arguments)) {
            const auto session = Session::open(std::move(arguments), process_variables());
            return session ? command(*session) : session.error();
        }
    }
    const int failed =
        become(needs_the_network(arguments.command) ? "quantconf-net" : "quantconf-vault", argv);
    return arguments.command == "run" ? int{kRunFailed} : failed;
}

}  // namespace
}  // namespace quantconf::app

int main(int argc, char** argv) {
    using namespace quantconf::app;
    return run_program(argc, argv, [argv](Arguments arguments) { return run(std::move(arguments), argv); });
}
