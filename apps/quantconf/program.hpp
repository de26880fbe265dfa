#pragma once

#include <functional>

#include "apps/quantconf/arguments.hpp"

namespace quantconf::app {

/// What both programs do around their commands: understands the command line, prints help and mistakes, runs
/// `command` with the rest, and sees to it that all output has arrived. The result is the exit code.
[[nodiscard]] int run_program(int argc, char** argv, const std::function<int(Arguments)>& command);

/// "NAME=value" of this process.
[[nodiscard]] std::vector<std::string> process_variables();

}  // namespace quantconf::app
