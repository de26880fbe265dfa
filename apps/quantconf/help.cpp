#include "apps/quantconf/help.hpp"

#include <algorithm>
#include <array>

namespace quantconf::app {
namespace {

constexpr std::array<CommandHelp, 12> kCommands{{
    {"init", "write a complete, commented configuration folder",
     "Writes base, development, staging, production and testing YAML, examples for local.yaml and .env, a\n"
     ".gitignore and the JSON Schema that editors use. DIR defaults to --config-dir. With --schema FILE the\n"
     "files describe that program instead. Nothing that exists is touched without --force.",
     "  $ quantconf init\n"
     "  wrote config/base.yaml\n"
     "  wrote config/production.yaml\n"
     "  ...\n"
     "  next: edit config/base.yaml, then `quantconf check --all`"},
    {"check", "is the configuration right? every problem in one run",
     "Reads, merges and validates, and prints each diagnostic with its place. Checks the chosen environment "
     "with\n"
     "everything that this machine adds; --all checks the four environments as the files alone describe "
     "them.\n"
     "Exit code 0: valid. 1: invalid. 3: a file could not be read.",
     "  $ quantconf check --all\n"
     "  config/production.yaml:5:22: error[QC1203]: trading.max_position_size: expected 0.01..1.0, found 5\n"
     "      5 |   max_position_size: 5\n"
     "        |                      ^\n"
     "    hint: 5% is written 0.05; `quantconf explain QC1203` says more\n"
     "    note: only in production\n"
     "  ok      development  5fd0c1f0a3b2  config/base.yaml < config/development.yaml\n"
     "  invalid production   1 error  config/base.yaml < config/production.yaml"},
    {"show", "the effective values, after all layers",
     "Prints what a program started now would read. Secrets are shown as their SECURE: reference. --origins "
     "adds\n"
     "the place that each value comes from. An invalid configuration has no effective values: exit code 1.",
     "  $ quantconf --env production show --origins\n"
     "  trading:\n"
     "    max_position_size: 0.05  # config/production.yaml:14:22"},
    {"get", "one effective value",
     "Prints one value, or a section as YAML, for scripts. An unknown path is exit code 1, with suggestions.",
     "  $ quantconf --env production get trading.max_position_size\n"
     "  0.05\n"
     "  $ quantconf get monitoring --format json\n"
     "  {\"log_level\": \"INFO\", ...}"},
    {"explain", "who set a value, and what it means; or what a diagnostic code says",
     "Lists every layer that set the value, the winner first, with file, line and column, and what the "
     "schema says\n"
     "of it. Works for an invalid configuration too. A code such as QC1203 prints its entry of "
     "docs/errors.md.",
     "  $ quantconf --env production explain trading.max_position_size\n"
     "  trading.max_position_size = 0.05\n"
     "    * environment  config/production.yaml:14:22  0.05\n"
     "      base         config/base.yaml:31:22        0.02\n"
     "    type         float, 0.01..1.0 (fraction of capital), required"},
    {"diff", "what differs between two environments or two folders",
     "A and B are environments of this folder, or folders (compared in the chosen environment). Only what "
     "files say\n"
     "is compared. Marks changes that make trading riskier or safer. Exit code 1 if anything differs.",
     "  $ quantconf diff staging production\n"
     "  ~ trading.max_position_size: 0.02 -> 0.05  riskier\n"
     "  ~ monitoring.grafana_enabled: false -> true"},
    {"schema", "the schema: for editors, as a reference, as a list of paths",
     "`schema json` prints a JSON Schema (2020-12) that YAML language servers use for completion and "
     "checking.\n"
     "`schema docs` prints the field reference as Markdown. `schema paths` lists every key, one a line.",
     "  $ quantconf schema json > config/quantconf.schema.json\n"
     "  $ head -1 config/base.yaml\n"
     "  # yaml-language-server: $schema=./quantconf.schema.json"},
    {"env", "the environment variables that set values",
     "`env list` prints the table that the schema generates: one name a key, proved free of collisions. `env "
     "explain\n"
     "NAME` says what a variable sets. A double underscore always separates levels too, and NAME_FILE reads "
     "a file.",
     "  $ quantconf env explain QUANTBOT_TRADING_MAX_POSITION_SIZE\n"
     "  QUANTBOT_TRADING_MAX_POSITION_SIZE sets trading.max_position_size\n"
     "    type         float, 0.01..1.0 (fraction of capital), required\n"
     "    now          not set"},
    {"doctor", "is this installation healthy?",
     "Looks at the folder, its permissions, what git tracks, which variables interfere, and whether every "
     "environment\n"
     "is valid. Exit code 1 if anything needs repair.",
     "  $ quantconf doctor\n"
     "  ok    configuration folder   config, 4 layers\n"
     "  warn  git                    config/local.yaml is tracked\n"
     "        hint: git rm --cached config/local.yaml"},
    {"completion", "completion script for bash, zsh or fish",
     "Prints a script that completes commands, options and configuration paths.",
     "  $ source <(quantconf completion bash)\n"
     "  $ quantconf get trading.max_<TAB>\n"
     "  trading.max_daily_loss     trading.max_position_size"},
    {"version", "which quantconf this is", "Prints name and version.",
     "  $ quantconf version\n"
     "  quantconf 0.1.0"},
    {"help", "this list, or the help of one command", "The same as COMMAND --help.",
     "  $ quantconf help check"},
}};

}  // namespace

std::span<const CommandHelp> command_help() {
    return kCommands;
}

const CommandHelp* help_for(std::string_view command) {
    const auto* found = std::ranges::find(kCommands, command, &CommandHelp::name);
    return found == kCommands.end() ? nullptr : found;
}

}  // namespace quantconf::app
