#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <unistd.h>

#include "apps/quantconf/arguments.hpp"
#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "base/catalogue.hpp"

namespace quantconf::app {
namespace {

std::vector<std::string> process_variables() {
    std::vector<std::string> variables;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        variables.emplace_back(*variable);
    }
    return variables;
}

/// "QC1203" asks about a diagnostic; every configuration path is lower case.
bool asks_about_a_code(const Arguments& arguments) {
    return arguments.command == "explain" &&
           (arguments.operands.front().starts_with("QC") || arguments.operands.front().starts_with("qc")) &&
           arguments.operands.front().size() > 2 && arguments.operands.front()[2] >= '0' &&
           arguments.operands.front()[2] <= '9';
}

int run(Arguments arguments) {
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
    static constexpr std::array<std::pair<std::string_view, Command>, 12> kCommands{{
        {"check", run_check},
        {"show", run_show},
        {"get", run_get},
        {"explain", run_explain},
        {"diff", run_diff},
        {"schema", run_schema},
        {"env", run_env},
        {"init", run_init},
        {"doctor", run_doctor},
        {"secret", run_secret},
        {"audit", run_audit},
        {"run", run_run},
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
    return kWrongUsage;
}

}  // namespace
}  // namespace quantconf::app

int main(int argc, char** argv) {
    using namespace quantconf::app;
    try {
        auto parsed = parse_arguments(argc, argv);
        int exit_code = kFine;
        if (const Stop* stop = std::get_if<Stop>(&parsed)) {
            std::fwrite(stop->output.data(), 1, stop->output.size(), stdout);
            std::fwrite(stop->error.data(), 1, stop->error.size(), stderr);
            exit_code = stop->exit_code;
        } else {
            exit_code = run(std::get<Arguments>(std::move(parsed)));
        }
        // A full disk behind `quantconf show > file` must not look like success.
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
            std::perror("error: cannot write the output");
            return kWorldFailed;
        }
        return exit_code;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "error: %s\n", problem.what());
        return kWorldFailed;
    }
}
