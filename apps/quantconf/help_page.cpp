#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/quantconf/help.hpp"
#include "apps/quantconf/options.hpp"
#include "apps/quantconf/text_layout.hpp"

namespace quantconf::app {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kIntroduction =
    "quantconf reads base.yaml, the environment's file, local.yaml and variables, checks every value against "
    "a schema and says what a program will really run with, and why.";

std::string command_list() {
    Rows rows;
    for (const CommandHelp& command : command_help()) {
        rows.emplace_back(command.name, command.summary);
    }
    return two_columns(rows);
}

/// "--limit N".
std::string shown(const Option& option) {
    return option.type.empty() ? std::string{option.name} : fmt::format("{} {}", option.name, option.type);
}

std::string global_option_list() {
    Rows rows;
    for (const Option& option : global_options()) {
        if (option.name == "--version") {
            rows.emplace_back("--help, -h", "this text; after a command: the help of that command");
        }
        rows.emplace_back(shown(option), option.help);
    }
    return two_columns(rows);
}

std::string first_steps() {
    return two_columns({
        {"quantconf init", "write a commented config/ folder"},
        {"quantconf check --all", "is it right, for every environment?"},
        {"quantconf --env production show --origins", "what will run, and who says so"},
        {"quantconf explain trading.max_daily_loss", "who set it, and what it means"},
    });
}

/// "get PATH [OPTIONS]": each operand, in brackets where it may be left out, with dots where it may be
/// repeated.
std::string usage_of(std::string_view command, const std::vector<Option>& options) {
    if (command == "run") {  // What stands behind `--` is not ours.
        return "run [OPTIONS] -- CMD [ARGUMENTS]";
    }
    std::string usage{command};
    for (const Option& option : options) {
        if (option.is_operand()) {
            const bool is_repeated = option.may_be_repeated && option.at_most == Option::kAnyNumber;
            usage += fmt::format(fmt::runtime(option.at_least > 0 ? " {}{}" : " [{}{}]"), option.name,
                                 is_repeated ? "..." : "");
        }
    }
    return usage + " [OPTIONS]";
}

std::string option_list(const std::vector<Option>& options) {
    constexpr std::size_t kWidth = 20;
    Rows rows;
    for (const Option& option : options) {
        if (!option.is_operand()) {
            rows.emplace_back(shown(option), option.help.empty()
                                                 ? fmt::format("{}", fmt::join(option.choices, ", "))
                                                 : std::string{option.help});
        }
    }
    return rows.empty() ? std::string{} : "Options:\n" + two_columns(rows, kWidth) + "\n";
}

}  // namespace

std::string main_help() {
    return fmt::format(
        "{}\nUsage: quantconf [OPTIONS] COMMAND [ARGUMENTS]\n\nCommands:\n{}\nOptions (also after the "
        "command):\n{}\nFirst steps:\n{}\n`quantconf help COMMAND` shows a worked example of each command.\n",
        wrapped(kIntroduction), command_list(), global_option_list(), first_steps());
}

std::string help_page(std::string_view command) {
    const CommandHelp* help = help_for(command);
    if (help == nullptr) {
        return main_help();
    }
    const auto options = options_of(command);
    return fmt::format("{}\nUsage: quantconf {}\n\n{}\n{}Example:\n{}\n",
                       wrapped(fmt::format("{} - {}", help->name, help->summary)),
                       usage_of(help->name, options), wrapped(help->details), option_list(options),
                       help->example);
}

std::vector<std::string> command_names() {
    std::vector<std::string> names;
    for (const CommandHelp& command : command_help()) {
        names.emplace_back(command.name);
    }
    return names;
}

}  // namespace quantconf::app
