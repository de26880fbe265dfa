// The one file that includes CLI11, which is slow to compile. What there is to parse stands in tables of
// options.hpp.
#include "apps/quantconf/arguments.hpp"

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/quantconf/check_arguments.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/help.hpp"
#include "apps/quantconf/options.hpp"
#include "apps/quantconf/usage_errors.hpp"
#include "apps/quantconf/wrong_word.hpp"
#include "base/text.hpp"

namespace quantconf::app {
namespace {

std::filesystem::path default_config_dir() {
    const char* chosen = std::getenv("QUANTCONF_CONFIG_DIR");  // NOLINT(concurrency-mt-unsafe): one thread.
    return chosen != nullptr && *chosen != '\0' ? chosen : "config";
}

/// Builds the command line and, while CLI11 parses, fills an Arguments.
class Parser {
public:
    Parser(int argc, const char* const* argv)
        : app_{"", "quantconf"}, words_{argv, static_cast<std::size_t>(argc)} {
        app_.set_help_flag("--help,-h");
        for (const Option& option : global_options()) {
            add(app_, option);
        }
        app_.fallthrough();
        app_.require_subcommand(0, 1);  // The second word of `help check` and `init show` is no command.
        // The many options of some cost a `get` more than its configuration does, so they are made for those
        // who want them.
        for (const CommandHelp& command : command_help()) {
            if (is_said(command.name)) {
                add_command(command.name);
            }
        }
    }

    std::variant<Arguments, Stop> parse() {
        try {
            app_.parse(static_cast<int>(words_.size()), words_.data());
        } catch (const CLI::CallForHelp&) {
            return Stop{.exit_code = kFine, .output = help_page(command()), .error = {}};
        } catch (const CLI::ExtrasError& problem) {
            const auto extras = app_.remaining(true);
            return extras.empty() ? wrong_usage(problem.what(), hint())
                                  : unexpected_word(command(), extras.front());
        } catch (const CLI::ConversionError& problem) {  // "Could not convert: --dry-run = ten", with what
                                                         // may be a key.
            const std::string_view text = problem.what();
            const std::string_view option = text.substr(0, text.find(" = "));
            return wrong_usage(
                fmt::format("{} does not take that value", option.substr(option.rfind(' ') + 1)), hint());
        } catch (const CLI::ParseError& problem) {
            return wrong_usage(problem.what(), hint());
        }
        if (arguments_.version) {
            arguments_.command = "version";
            return arguments_;
        }
        arguments_.command = command();
        if (arguments_.command.empty()) {
            return Stop{.exit_code = kWrongUsage, .output = {}, .error = main_help()};
        }
        return finish();
    }

    /// The name of the command that was found; empty: none.
    [[nodiscard]] std::string command() const {
        const auto chosen = app_.get_subcommands();
        return chosen.empty() ? std::string{} : chosen.front()->get_name();
    }

private:
    [[nodiscard]] bool is_said(std::string_view word) const {
        return std::ranges::find(words_, word, [](const char* said) { return std::string_view{said}; }) !=
               words_.end();
    }

    void add_command(std::string_view name) {
        CLI::App& sub = *app_.add_subcommand(std::string{name});
        for (const Option& option : options_of(name)) {
            add(sub, option);
        }
    }

    CLI::Option* add_single(CLI::App& app, const Option& option) {
        const auto keep = [this, take = option.take](const std::string& text) { take(arguments_, text); };
        return app.add_option_function<std::string>(std::string{option.name}, keep);
    }

    CLI::Option* add_list(CLI::App& app, const Option& option) {
        const auto keep = [this, take = option.take](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
                take(arguments_, text);
            }
        };
        auto* added = app.add_option_function<std::vector<std::string>>(std::string{option.name}, keep);
        return option.at_most == Option::kAnyNumber ? added
                                                    : added->expected(option.at_least, option.at_most);
    }

    void add(CLI::App& app, const Option& option) {
        if (option.flag != nullptr) {
            app.add_flag(std::string{option.name}, arguments_.*option.flag);
            return;
        }
        CLI::Option& added = *(option.may_be_repeated ? add_list(app, option) : add_single(app, option));
        added.required(option.at_least > 0)->type_name(std::string{option.type});
        if (!option.is_operand()) {
            added.allow_extra_args(false);
        }
        if (option.check != nullptr) {
            added.check(option.check);
        }
        if (!option.choices.empty()) {
            added.check([this, option](const std::string& text) { return not_a_choice(option, text); });
        }
    }

    /// What is wrong with a word that has to be in a list; what may have been meant becomes the hint.
    std::string not_a_choice(const Option& option, const std::string& text) {
        const auto& choices = option.choices;
        if (std::ranges::find(choices, text) != choices.end()) {
            return {};
        }
        suggestion_ = meant_instead(text, choices);
        if (option.is_operand()) {
            return fmt::format("expected {}, found {}", join_or(choices),
                               suggestion_.empty() ? "another word" : quantconf::quoted(text));
        }
        if (option.name == "--format") {
            return fmt::format("{} is not a format of this command; it has {}",
                               suggestion_.empty() ? "that" : quantconf::quoted(text), join_or(choices));
        }
        return fmt::format("it is {}", join_or(choices));
    }

    [[nodiscard]] std::string hint() const {
        return suggestion_.empty() ? usage_hint(command()) : suggestion_;
    }

    std::variant<Arguments, Stop> finish() {
        if (arguments_.command == "help") {
            return help_command();
        }
        const bool is_config_dir_named = !arguments_.config_dir.empty();
        if (!is_config_dir_named) {
            arguments_.config_dir = default_config_dir();
        }
        if (auto stop = take_folder(arguments_, is_config_dir_named)) {
            return *std::move(stop);
        }
        if (auto stop = check_arguments(arguments_)) {
            return *std::move(stop);
        }
        return arguments_;
    }

    [[nodiscard]] Stop help_command() const {
        if (arguments_.topic.empty() || help_for(arguments_.topic) != nullptr) {
            return {.exit_code = kFine, .output = help_page(arguments_.topic), .error = {}};
        }
        const auto suggestion = did_you_mean(nearest(arguments_.topic, command_names()));
        return wrong_usage(no_such("command", arguments_.topic, !suggestion.empty()),
                           suggestion.empty() ? usage_hint({}) : suggestion);
    }

    CLI::App app_;
    std::span<const char* const> words_;  ///< Of the command line, the program's own name first.
    Arguments arguments_;
    std::string suggestion_;  ///< For a word that is not in the list it must come from.
};

}  // namespace

std::variant<Arguments, Stop> parse_arguments(int argc, const char* const* argv) {
    Parser parser{argc, argv};
    auto parsed = parser.parse();
    if (Stop* stop = std::get_if<Stop>(&parsed);
        stop != nullptr && stop->exit_code == kWrongUsage && parser.command() == "run") {
        stop->exit_code = kRunFailed;
    }
    return parsed;
}

}  // namespace quantconf::app
