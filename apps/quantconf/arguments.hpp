#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace quantconf::app {

/// What the user typed, understood. A flat structure: each command reads the members that its help names.
struct Arguments {
    std::string command;
    std::string topic;  ///< The second word of `schema json`, `env list`, `completion bash`, `help check`.

    std::filesystem::path config_dir;
    std::optional<std::string> environment;
    std::optional<std::filesystem::path> schema_file;
    std::vector<std::string> settings;  ///< --set PATH=VALUE, in order.

    std::string format;  ///< Empty: the command's own default.
    std::vector<std::string> operands;
    bool all = false;
    bool with_env = false;
    bool origins = false;
    bool force = false;
};

/// Parsing ends the program at once for --help, and for a wrong command line.
struct Stop {
    int exit_code = 0;
    std::string output;  ///< For stdout.
    std::string error;   ///< For stderr.
};

[[nodiscard]] std::variant<Arguments, Stop> parse_arguments(int argc, const char* const* argv);

/// Every command by name, for completion and for the documentation test.
[[nodiscard]] std::vector<std::string> command_names();

}  // namespace quantconf::app
