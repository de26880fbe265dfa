#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quantconf::app {

/// What `--help` teaches about one command.
struct CommandHelp {
    std::string_view name;
    std::string_view summary;  ///< One line of the command list.
    std::string_view details;  ///< A paragraph or two.
    std::string_view example;  ///< A worked example with its output.
};

/// Every command, in the order in which a newcomer needs them.
[[nodiscard]] std::span<const CommandHelp> command_help();
[[nodiscard]] const CommandHelp* help_for(std::string_view command);
/// `quantconf --help`: the commands, the options of all of them, and where to begin.
[[nodiscard]] std::string main_help();

/// Options and what they do, in two columns whose border the longest option decides.
[[nodiscard]] std::string columns(const std::vector<std::pair<std::string, std::string>>& options);

}  // namespace quantconf::app
