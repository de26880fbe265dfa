#include "apps/quantconf/program.hpp"

#include <cstdio>
#include <exception>
#include <utility>
#include <variant>

#include <unistd.h>

#include "apps/quantconf/exit_code.hpp"

namespace quantconf::app {

std::vector<std::string> process_variables() {
    std::vector<std::string> variables;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        variables.emplace_back(*variable);
    }
    return variables;
}

int run_program(int argc, char** argv, const std::function<int(Arguments)>& command) {
    try {
        auto parsed = parse_arguments(argc, argv);
        int exit_code = kFine;
        if (const Stop* stop = std::get_if<Stop>(&parsed)) {
            std::fwrite(stop->output.data(), 1, stop->output.size(), stdout);
            std::fwrite(stop->error.data(), 1, stop->error.size(), stderr);
            exit_code = stop->exit_code;
        } else {
            exit_code = command(std::get<Arguments>(std::move(parsed)));
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

}  // namespace quantconf::app
