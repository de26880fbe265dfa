#include <string>

#include <fmt/format.h>

#include "apps/quantconf/help.hpp"

namespace quantconf::app {
namespace {

constexpr std::string_view kIntroduction =
    "quantconf reads base.yaml, the environment's file, local.yaml and variables, checks every value "
    "against\n"
    "a schema and says what a program will really run with, and why.";

constexpr std::string_view kFirstSteps =
    "First steps:\n"
    "  quantconf init                             write a complete, commented config/ folder\n"
    "  quantconf check --all                      is it right, for every environment?\n"
    "  quantconf --env production show --origins  what will run, and where each value comes from\n"
    "  quantconf explain trading.max_daily_loss   who set it, and what it means\n\n"
    "`quantconf help COMMAND` shows a worked example of each command.\n";

std::string format_command_list() {
    std::string text = "Commands:\n";
    for (const CommandHelp& command : command_help()) {
        text += fmt::format("  {:<12}{}\n", command.name, command.summary);
    }
    return text;
}

constexpr std::string_view kGlobalOptions =
    "Options (also after the command):\n"
    "  --config-dir DIR      folder with the layers; else $QUANTCONF_CONFIG_DIR, else config\n"
    "  --env NAME            development, staging, production or testing (dev, stage, prod, test)\n"
    "  --schema FILE         check another program's files against its JSON Schema\n"
    "  --set PATH=VALUE      override one value for this run; may be repeated\n"
    "  --state-dir DIR       secrets and history; else $QUANTCONF_STATE_DIR, else .quantconf in the folder\n"
    "  --key-file FILE       the store's master key; else $QUANTCONF_KEY_FILE, else the user's own folder\n"
    "  --key-fd N            the master key from an open descriptor\n"
    "  --passphrase          the store is opened with a passphrase, asked for at the terminal\n"
    "  --help, -h            this text; after a command: the help of that command\n"
    "  --version             which quantconf this is\n";

}  // namespace

std::string main_help() {
    return fmt::format("{}\n\nUsage: quantconf [OPTIONS] COMMAND [ARGUMENTS]\n\n{}\n{}\n{}", kIntroduction,
                       format_command_list(), kGlobalOptions, kFirstSteps);
}

}  // namespace quantconf::app
