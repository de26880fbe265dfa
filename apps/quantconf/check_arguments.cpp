#include "apps/quantconf/check_arguments.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/wrong_word.hpp"
#include "base/text.hpp"
#include "quantconf/environment.hpp"

namespace quantconf::app {
namespace {

/// What `set`, `rollback` and `history` need besides words that are right.
std::optional<Stop> check_change(const Arguments& arguments) {
    const std::string& name = arguments.command;
    if (name == "set") {
        if (arguments.operands.empty() && arguments.unsets.empty()) {
            return wrong_usage("set needs PATH=VALUE", "`quantconf set --help` shows how");
        }
        for (const std::string& operand : arguments.operands) {
            if (operand.find('=') == std::string::npos || operand.starts_with("=")) {
                return wrong_usage(  // Not what was found: it may hold a secret.
                    "set needs PATH=VALUE, but there is no path in front of a = sign",
                    "for example `quantconf set trading.max_position_size=0.02 --reason \"volatility\"`");
            }
            if (operand.ends_with("=") && operand.find('=') == operand.size() - 1) {
                return wrong_usage("set needs a value behind the = sign",
                                   "to take a key out of the file, write --unset PATH");
            }
        }
    }
    const bool has_reason = arguments.reason.find_first_not_of(" \t\r\n\v\f") != std::string::npos;
    if ((name == "set" || name == "rollback") && !has_reason && !arguments.dry_run) {
        return wrong_usage(fmt::format("{} needs --reason TEXT", name),
                           "the history keeps why something was changed; --dry-run needs no reason");
    }
    if (name == "history" && (arguments.topic == "show") != (arguments.operands.size() == 1)) {
        return wrong_usage(arguments.topic == "show" ? "history show needs a version, such as v12"
                                                     : "history takes no version",
                           "`quantconf history --help` shows how");
    }
    return std::nullopt;
}

/// What `fetch` needs besides words that are right. Nothing is repeated: it may hold a key.
std::optional<Stop> check_fetch(const Arguments& arguments) {
    if (arguments.command != "fetch") {
        return std::nullopt;
    }
    for (const std::string& parameter : arguments.parameters) {
        if (parameter.find('=') == std::string::npos || parameter.starts_with("=")) {
            return wrong_usage("--param needs NAME=VALUE", "for example `--param symbol=AAPL`");
        }
    }
    const std::string& path = arguments.operands.at(1);
    if (!path.starts_with("/") && !path.starts_with("?")) {
        return wrong_usage("the path begins with / or ?",
                           "it is joined behind the address of the source: /v1/marketstatus/now");
    }
    return std::nullopt;
}

}  // namespace

Stop wrong_usage(std::string_view message, std::string_view hint) {
    Stop stop{.exit_code = kWrongUsage, .output = {}, .error = fmt::format("error: {}\n", message)};
    if (!hint.empty()) {
        stop.error += fmt::format("hint: {}\n", hint);
    }
    return stop;
}

std::optional<Stop> take_folder(Arguments& arguments, bool is_config_dir_named) {
    if (arguments.command != "check" || arguments.operands.empty()) {
        return std::nullopt;
    }
    const std::string& folder = arguments.operands.front();
    if (is_config_dir_named) {
        return wrong_usage("check takes one folder, found --config-dir and DIR", "leave one of them out");
    }
    std::error_code ignored;
    if (parse_environment(folder) && !std::filesystem::is_directory(folder, ignored)) {
        return wrong_usage(fmt::format("there is no folder {}", quantconf::quoted(folder)),
                           fmt::format("an environment is chosen by `quantconf --env {} check`", folder));
    }
    arguments.config_dir = folder;
    return std::nullopt;
}

std::optional<Stop> check_arguments(const Arguments& arguments) {
    const char* key_file = std::getenv("QUANTCONF_KEY_FILE");  // NOLINT(concurrency-mt-unsafe): one thread.
    if (key_file != nullptr && looks_like_key(key_file)) {
        return wrong_usage(
            "QUANTCONF_KEY_FILE: expected the name of a file, found what looks like a key itself",
            "write the key into a file with mode 0600, outside the state folder");
    }
    if (auto stop = check_change(arguments)) {
        return stop;
    }
    if (auto stop = check_fetch(arguments)) {
        return stop;
    }
    if (arguments.command == "env" && (arguments.topic == "explain") != (arguments.operands.size() == 1)) {
        return wrong_usage(arguments.topic == "explain" ? "env explain needs the name of a variable"
                                                        : "env list takes no name",
                           "`quantconf env --help` shows how");
    }
    if (arguments.with_env && !arguments.all) {
        return wrong_usage("--with-env goes with --all: one environment is always checked with variables",
                           "leave it out, or write `quantconf check --all --with-env`");
    }
    if (arguments.origins && !arguments.format.empty() && arguments.format != "yaml") {
        return wrong_usage("--origins writes comments, which only YAML has",
                           "leave --format out, or ask `quantconf explain PATH --format json`");
    }
    for (const std::string& setting : arguments.settings) {
        if (setting.find('=') == std::string::npos || setting.starts_with("=")) {
            return wrong_usage(  // Not what was found: it may hold a secret.
                "--set needs PATH=VALUE, but there is no path in front of a = sign",
                "for example --set trading.max_position_size=0.02");
        }
    }
    return std::nullopt;
}

}  // namespace quantconf::app
