#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "apps/quantconf/commands.hpp"
#include "apps/quantconf/embedded.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/help.hpp"
#include "quantconf/quantbot.hpp"

namespace quantconf::app {
namespace {

constexpr std::string_view kOptions =
    "--config-dir --env --schema --set --state-dir --key-file --key-fd --passphrase --format --all "
    "--with-env --origins --force --reveal --promote --abort --retire --expires --host --accept-rollback "
    "--accept-damage --accept-missing --timeout --param "
    "--new-key-file --new-passphrase --other-key-file --other-passphrase --fernet --dotenv --key "
    "--limit --reason --layer --unset --dry-run --path --export --export-secret --help --version";
constexpr std::string_view kEnvironmentNames = "development staging production testing";

/// Every command in one pattern with places for its name and its summary, one a line or one a word.
std::string commands_as(fmt::string_view pattern, std::string_view separator) {
    std::string text;
    for (const CommandHelp& command : command_help()) {
        text += text.empty() ? std::string_view{} : separator;
        text += fmt::format(fmt::runtime(pattern), command.name, command.summary);
    }
    return text;
}

std::string described_commands(std::string_view shell) {
    return shell == "zsh"
               ? commands_as("        '{}:{}'", "\n")
               : commands_as("complete -c quantconf -n __fish_use_subcommand -f -a {} -d '{}'", "\n");
}

std::string source_names() {
    std::string text;
    for (const auto& entry : EnumTable<quantbot::Provider>::names) {
        text += text.empty() ? "" : " ";
        text += entry.text;
    }
    return text;
}

}  // namespace

int run_completion(const Arguments& arguments) {
    const std::array<std::pair<std::string_view, std::string>, 5> names{{
        {"@COMMANDS@", commands_as("{}", " ")},
        {"@DESCRIBED_COMMANDS@", described_commands(arguments.topic)},
        {"@ENVIRONMENTS@", std::string{kEnvironmentNames}},
        {"@OPTIONS@", std::string{kOptions}},
        {"@SOURCES@", source_names()},
    }};
    for (const EmbeddedFile& file : embedded_completions()) {
        if (!file.name.ends_with(arguments.topic)) {
            continue;
        }
        std::string text{file.text};
        for (const auto& [name, replacement] : names) {
            for (auto at = text.find(name); at != std::string::npos;
                 at = text.find(name, at + replacement.size())) {
                text.replace(at, name.size(), replacement);
            }
        }
        Terminal{stdout}.print(text);
    }
    return kFine;
}

}  // namespace quantconf::app
