#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantconf::app {

/// What `--help` teaches about one command.
struct CommandHelp {
    std::string_view name;
    std::string_view summary;  ///< One line of the command list.
    std::string_view details;  ///< A paragraph or two, each one long line.
    std::string_view example;  ///< A worked example with its output.
};

/// Every command, in the order in which a newcomer needs them.
[[nodiscard]] std::span<const CommandHelp> command_help();
[[nodiscard]] const CommandHelp* help_for(std::string_view command);
/// Every command by name.
[[nodiscard]] std::vector<std::string> command_names();
/// `quantconf --help`: the commands, the options of all of them, and where to begin.
[[nodiscard]] std::string main_help();
/// `quantconf COMMAND --help`; main_help() where there is no such command.
[[nodiscard]] std::string help_page(std::string_view command);

}  // namespace quantconf::app
