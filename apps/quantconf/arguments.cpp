// The one file that includes CLI11: it takes 14 s to compile.
#include "apps/quantconf/arguments.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/quantconf/check_arguments.hpp"
#include "apps/quantconf/exit_code.hpp"
#include "apps/quantconf/help.hpp"
#include "apps/quantconf/option_text.hpp"
#include "apps/quantconf/wrong_word.hpp"
#include "base/text.hpp"

namespace quantconf::app {
namespace {

std::string help_text(const CLI::App& app) {
    if (const CommandHelp* help = help_for(app.get_name())) {
        std::string usage = fmt::format("Usage: quantconf {}", help->name);
        std::vector<std::pair<std::string, std::string>> listed;
        for (const CLI::Option* option : app.get_options()) {
            if (option->get_positional()) {
                usage +=
                    fmt::format(" {}", option->get_required() ? option->get_name(true)
                                                              : fmt::format("[{}]", option->get_name(true)));
            }
            if (!option->get_name(false, true).starts_with("-") || option->get_name() == "--help") {
                continue;
            }
            listed.emplace_back(option->get_type_size() == 0
                                    ? option->get_name()
                                    : fmt::format("{} {}", option->get_name(), option->get_type_name()),
                                option->get_description());
        }
        const std::string options = columns(listed);
        return fmt::format("{} - {}\n\n{} [OPTIONS]\n\n{}\n\n{}{}Example:\n{}\n", help->name, help->summary,
                           usage, help->details, options.empty() ? "" : "Options:\n",
                           options.empty() ? "" : options + "\n", help->example);
    }
    return main_help();
}

class HelpFormatter final : public CLI::Formatter {
public:
    std::string make_help(const CLI::App* app, std::string /*name*/,
                          CLI::AppFormatMode /*mode*/) const override {
        return help_text(*app);
    }
};

/// The words a user may have meant instead of one that no option or command is called.
std::string hint_for(const CLI::App& app, const std::string& word) {
    std::vector<std::string> known;
    if (word.starts_with("-")) {
        for (const CLI::App* scope = &app; scope != nullptr; scope = scope->get_parent()) {
            for (const CLI::Option* option : scope->get_options()) {
                for (const std::string& name : option->get_lnames()) {
                    known.push_back("--" + name);
                }
            }
        }
    } else {
        known = command_names();
    }
    const std::string name = word.substr(0, word.find('='));
    const bool is_known = std::ranges::find(known, name) != known.end();
    return is_known ? fmt::format("write {} behind the command", name) : did_you_mean(nearest(name, known));
}

std::filesystem::path default_config_dir() {
    const char* chosen = std::getenv("QUANTCONF_CONFIG_DIR");  // NOLINT(concurrency-mt-unsafe): one thread.
    return chosen != nullptr && *chosen != '\0' ? chosen : "config";
}

/// Builds the command line and, while CLI11 parses, fills an Arguments.
class Parser {
public:
    Parser(int argc, const char* const* argv)
        : app_{"", "quantconf"}, words_{argv, static_cast<std::size_t>(argc)} {
        app_.formatter(std::make_shared<HelpFormatter>());
        app_.set_help_flag("--help,-h");
        app_.add_flag("--version", version_);
        app_.add_option("--config-dir", config_dir_)->type_name("DIR")->check(not_empty);
        app_.add_option("--env", environment_)->type_name("NAME")->check(not_empty);
        app_.add_option("--schema", schema_file_)->type_name("FILE")->check(not_empty);
        app_.add_option("--set", arguments_.settings)->type_name("PATH=VALUE")->allow_extra_args(false);
        add_path(app_, "--state-dir", arguments_.state_dir, "DIR");
        add_path(app_, "--key-file", arguments_.key_file, "FILE");
        app_.add_option("--key-fd", arguments_.key_fd)->type_name("N")->check([](const std::string& text) {
            return not_a_number("the number of an open descriptor", text);
        });
        app_.add_flag("--passphrase", arguments_.passphrase);
        app_.fallthrough();
        app_.require_subcommand(0, 1);  // The second word of `help check` and `init show` is no command.
        add_commands();
    }

    std::variant<Arguments, Stop> parse() {
        try {
            app_.parse(static_cast<int>(words_.size()), words_.data());
        } catch (const CLI::CallForHelp&) {
            return Stop{.exit_code = kFine, .output = help_text(innermost()), .error = {}};
        } catch (const CLI::ExtrasError& problem) {
            return unexpected_word(problem);
        } catch (const CLI::ConversionError& problem) {  // "Could not convert: --limit = ten"
            const std::string_view text = problem.what();
            const std::string_view option = text.substr(0, text.find(" = "));
            return wrong_usage(
                fmt::format("{} does not take that value", option.substr(option.rfind(' ') + 1)),
                usage_hint());
        } catch (const CLI::ParseError& problem) {
            return wrong_usage(problem.what(), usage_hint());
        }
        if (version_) {
            arguments_.command = "version";
            return arguments_;
        }
        if (app_.get_subcommands().empty()) {
            return Stop{.exit_code = kWrongUsage, .output = {}, .error = main_help()};
        }
        return finish();
    }

private:
    CLI::App& command(std::string_view name) {
        CLI::App& sub = *app_.add_subcommand(std::string{name}, std::string{help_for(name)->summary});
        sub.formatter(app_.get_formatter());
        return sub;
    }

    static void add_path(CLI::App& sub, const std::string& name, std::optional<std::filesystem::path>& target,
                         const std::string& type, const std::string& help = {}) {
        sub.add_option_function<std::string>(
               name, [&target](const std::string& text) { target = text; }, help)
            ->type_name(type)
            ->check(not_a_path);
    }

    [[nodiscard]] bool is_said(std::string_view word) const {
        return std::ranges::find(words_, word, [](const char* said) { return std::string_view{said}; }) !=
               words_.end();
    }

    /// Commands of versions; made for those who want them, as those below.
    void add_version_commands() {
        if (is_said("set")) {
            CLI::App& set = command("set");
            set.add_option("PATH=VALUE", arguments_.operands);
            set.add_option("--unset", arguments_.unsets, "take this key out of the file; may be repeated")
                ->type_name("PATH")
                ->allow_extra_args(false);
            add_reason(set);
            set.add_option("--layer", arguments_.layer,
                           "environment (default), base, local, or shared: until it is taken away again")
                ->type_name("NAME")
                ->check([this](const std::string& text) {
                    return is_one_of({"base", "environment", "local", "shared"}, text)
                               ? std::string{}
                               : std::string{"it is base, environment, local or shared"};
                });
            add_format(set, {"text", "json"});
        }
        if (is_said("history")) {
            CLI::App& history = command("history");
            add_topic(history, "show", {"show"}, false);
            history.add_option("vN", arguments_.operands)->expected(0, 1);
            add_limit(history, "only the newest versions", "a count of versions");
            add_format(history, {"text", "json"});
        }
        if (is_said("at")) {
            CLI::App& at = command("at");
            at.add_option("TIMESTAMP", arguments_.operands)->required()->expected(1);
            at.add_option("--path", arguments_.paths, "also show this value; may be repeated")
                ->type_name("PATH")
                ->allow_extra_args(false);
            add_format(at, {"text", "json"});
        }
        if (is_said("rollback")) {
            CLI::App& rollback = command("rollback");
            rollback.add_option("vN", arguments_.operands)->required()->expected(1);
            add_reason(rollback);
            add_format(rollback, {"text", "json"});
        }
        if (is_said("reload")) {
            CLI::App& reload = command("reload");
            reload.add_flag("--accept-missing", arguments_.accept_missing,
                            "a file that had content and is empty or gone is meant to be");
            add_timeout(reload, "how long to wait for answers, 15s if nobody says otherwise");
            add_format(reload, {"text", "json"});
        }
        for (const char* name : {"health", "watch"}) {
            if (is_said(name)) {
                add_format(command(name), {"text", "json"});
            }
        }
    }

    /// Commands that ask data providers.
    void add_source_commands() {
        if (is_said("sources")) {
            CLI::App& sources = command("sources");
            sources.add_option("SOURCE", arguments_.operands);
            add_format(sources, {"text", "json"});
        }
        if (is_said("keys")) {
            CLI::App& keys = command("keys");
            add_topic(keys, "check", {"check"}, true);
            keys.add_option("SOURCE", arguments_.operands);
            add_format(keys, {"text", "json"});
        }
        if (is_said("fetch")) {
            CLI::App& fetch = command("fetch");
            fetch.add_option("SOURCE PATH", arguments_.operands)->required()->expected(2);
            fetch.add_option("--param", arguments_.parameters, "one parameter of the query; may be repeated")
                ->type_name("NAME=VALUE")
                ->allow_extra_args(false);
            add_timeout(fetch, "for everything; timeout_seconds of the source if nobody says otherwise");
            add_format(fetch, {"text", "json"});
        }
    }

    void add_timeout(CLI::App& sub, const std::string& help) {
        sub.add_option_function<std::string>(
               "--timeout", [this](const std::string& text) { arguments_.timeout = parse_timeout(text); },
               help)
            ->type_name("DURATION")
            ->check([](const std::string& text) {
                return parse_timeout(text) ? std::string{}
                                           : std::string{"expected a duration from 1ms to 1h, such as 30s"};
            });
    }

    void add_reason(CLI::App& sub) {
        sub.add_option("--reason", arguments_.reason, "why; recorded")->type_name("TEXT")->check(not_empty);
        sub.add_flag("--dry-run", arguments_.dry_run, "say what would change, and change nothing");
    }

    void add_limit(CLI::App& sub, const std::string& help, std::string_view what) {
        sub.add_option("--limit", arguments_.limit, help)
            ->type_name("N")
            ->check([what](const std::string& text) { return not_a_number(what, text); });
    }

    /// Their many options cost a `get` more than its configuration does, so they are made for those who want
    /// them.
    void add_secret_commands() {
        if (!is_said("secret") && !is_said("audit") && !is_said("run")) {
            return;
        }
        CLI::App& secret = command("secret");
        add_topic(
            secret, "VERB",
            {"init", "set", "get", "list", "rm", "rotate", "rekey", "reencrypt", "import", "verify", "slot"},
            true);
        secret.add_option("NAME", arguments_.operands);
        secret
            .add_option("--host", arguments_.hosts,
                        "set: the host that it may be sent to, no other; may be repeated; all lifts it")
            ->type_name("HOST")
            ->allow_extra_args(false);
        secret
            .add_option("--expires", arguments_.expires,
                        "set: warn from this day on, 2027-01-31; never lifts it")
            ->type_name("DATE")
            ->check(not_empty);
        secret.add_flag("--promote", arguments_.promote, "rotate: the pending value becomes current");
        secret.add_flag("--abort", arguments_.abort, "rotate: the pending value is destroyed");
        secret.add_flag("--retire", arguments_.retire, "rotate: the previous value is destroyed, now");
        add_path(secret, "--new-key-file", arguments_.new_key_file, "FILE",
                 "rekey, slot add: the new key; the file is made if it is not there");
        secret.add_flag("--new-passphrase", arguments_.new_passphrase,
                        "rekey, slot add: a passphrase instead");
        secret
            .add_option_function<std::vector<std::string>>(
                "--other-key-file",
                [this](const std::vector<std::string>& files) {
                    arguments_.other_key_files.assign(files.begin(), files.end());
                },
                "reencrypt: the key of another slot")
            ->type_name("FILE")
            ->check(not_a_path)
            ->allow_extra_args(false);
        secret.add_flag("--other-passphrase", arguments_.other_passphrase,
                        "reencrypt: another slot has a passphrase");
        add_path(secret, "--fernet", arguments_.fernet_file, "FILE", "import: the legacy bot's secrets");
        add_path(secret, "--key", arguments_.fernet_key, "FILE", "import: the key of --fernet");
        add_path(secret, "--dotenv", arguments_.dotenv_file, "FILE", "import: NAME=value lines");
        secret.add_flag("--force", arguments_.force, "import: replace what is there");
        secret.add_flag("--accept-rollback", arguments_.accept_rollback,
                        "an older store than the last known one, or a lost audit log; this is recorded");
        secret.add_flag("--accept-damage", arguments_.accept_damage,
                        "list, get, verify: read what is left of a damaged store");
        add_format(secret, {"text", "json"});
        CLI::App& audit = command("audit");
        add_topic(audit, "log|verify|export", {"log", "verify", "export"}, true);
        add_limit(audit, "log: only the newest records", "a count of records");
        audit.add_flag("--accept-rollback", arguments_.accept_rollback,
                       "verify: an older store is an answer and no error");
        add_format(audit, {"text", "json"});
        CLI::App& run = command("run");
        run.add_option("CMD", arguments_.operands)->required();
        run.add_option("--export", arguments_.exports, "a value as a variable; a secret as a sealed file")
            ->type_name("PATH=VAR")
            ->allow_extra_args(false);
        run.add_option("--export-secret", arguments_.secret_exports,
                       "a secret; sealed in a memory file if VAR ends with _FILE")
            ->type_name("NAME=VAR")
            ->allow_extra_args(false);
    }

    void add_format(CLI::App& sub, std::vector<std::string> formats) {
        sub.add_option("--format", arguments_.format, fmt::format("{}", fmt::join(formats, ", ")))
            ->type_name("NAME")
            ->check([this, formats = std::move(formats)](const std::string& text) {
                if (is_one_of(formats, text)) {
                    return std::string{};
                }
                return fmt::format("{} is not a format of this command; it has {}",
                                   suggestion_.empty() ? "that" : quantconf::quoted(text), join_or(formats));
            });
    }

    /// Whether the word is in the list; what may have been meant otherwise becomes the hint of the error.
    bool is_one_of(const std::vector<std::string>& words, const std::string& word) {
        const bool is_known = std::ranges::find(words, word) != words.end();
        suggestion_ = is_known ? suggestion_ : meant_instead(word, words);
        return is_known;
    }

    /// A second word out of a fixed list, such as `schema json`.
    void add_topic(CLI::App& sub, std::string_view shown, std::vector<std::string> topics, bool required) {
        auto* option = sub.add_option(std::string{shown}, arguments_.topic);
        option->required(required)->check([this, topics = std::move(topics)](const std::string& text) {
            if (is_one_of(topics, text)) {
                return std::string{};
            }
            return fmt::format("expected {}, found {}", join_or(topics),
                               suggestion_.empty() ? "another word" : quantconf::quoted(text));
        });
    }

    void add_commands() {
        CLI::App& init = command("init");
        init.add_option("DIR", arguments_.operands)->expected(0, 1);
        init.add_flag("--force", arguments_.force, "replace files that exist");
        add_format(init, {"text", "json"});
        CLI::App& check = command("check");
        check.add_option("DIR", arguments_.operands)->expected(0, 1);
        check.add_flag("--all", arguments_.all, "all four environments, as the files alone describe them");
        check.add_flag("--with-env", arguments_.with_env, "with --all: also .env, variables and --set");
        add_format(check, {"text", "json", "sarif", "github"});
        CLI::App& show = command("show");
        show.add_flag("--origins", arguments_.origins, "say behind each value where it comes from");
        add_format(show, {"yaml", "json", "flat"});
        CLI::App& get = command("get");
        get.add_option("PATH", arguments_.operands)->required()->expected(1);
        get.add_flag("--reveal", arguments_.reveal, "the plain text of a secret; this is recorded");
        add_format(get, {"text", "json"});
        CLI::App& explain = command("explain");
        explain.add_option("PATH|CODE", arguments_.operands)->required()->expected(1);
        add_format(explain, {"text", "json"});
        CLI::App& diff = command("diff");
        diff.add_option("A B", arguments_.operands)->required()->expected(2);
        add_format(diff, {"text", "json"});
        add_topic(command("schema"), "json|docs|paths", {"json", "docs", "paths"}, true);
        CLI::App& env = command("env");
        add_topic(env, "list|explain", {"list", "explain"}, true);
        env.add_option("NAME", arguments_.operands)->expected(0, 1);
        add_format(env, {"text", "json"});
        add_version_commands();
        add_source_commands();
        add_secret_commands();
        add_format(command("doctor"), {"text", "json"});
        add_topic(command("completion"), "bash|zsh|fish", {"bash", "zsh", "fish"}, true);
        add_format(command("version"), {"text", "json"});
        command("help").add_option("COMMAND", arguments_.topic);
    }

    const CLI::App& innermost() const {
        const auto chosen = app_.get_subcommands();
        return chosen.empty() ? app_ : *chosen.front();
    }

    std::string usage_hint() const {
        if (!suggestion_.empty()) {
            return suggestion_;
        }
        const CLI::App& app = innermost();
        return &app == &app_ ? "`quantconf --help` lists the commands"
                             : fmt::format("`quantconf {} --help` shows how", app.get_name());
    }

    Stop unexpected_word(const CLI::ExtrasError& problem) const {
        const auto extras = app_.remaining(true);
        if (extras.empty()) {
            return wrong_usage(problem.what(), usage_hint());
        }
        const std::string& word = extras.front();
        const CLI::App& app = innermost();
        std::string hint = hint_for(app, word);
        if (&app != &app_ && !word.starts_with("-")) {
            return wrong_usage(fmt::format("{} takes no further argument", app.get_name()), usage_hint());
        }
        return wrong_usage(
            no_such(word.starts_with("-") ? "option" : "command", name_part(word), !hint.empty()),
            hint.empty() ? usage_hint() : hint);
    }

    std::variant<Arguments, Stop> finish() {
        arguments_.command = innermost().get_name();
        arguments_.config_dir =
            config_dir_.empty() ? default_config_dir() : std::filesystem::path{config_dir_};
        if (!environment_.empty()) {
            arguments_.environment = environment_;
        }
        if (!schema_file_.empty()) {
            arguments_.schema_file = schema_file_;
        }
        if (arguments_.command == "help") {
            return help_command();
        }
        if (auto stop = take_folder(arguments_, !config_dir_.empty())) {
            return *std::move(stop);
        }
        if (auto stop = check_arguments(arguments_)) {
            return *std::move(stop);
        }
        return arguments_;
    }

    Stop help_command() const {
        if (arguments_.topic.empty()) {
            return {.exit_code = kFine, .output = main_help(), .error = {}};
        }
        for (const CLI::App* sub : app_.get_subcommands({})) {
            if (sub->get_name() == arguments_.topic) {
                return {.exit_code = kFine, .output = help_text(*sub), .error = {}};
            }
        }
        const auto suggestion = did_you_mean(nearest(arguments_.topic, command_names()));
        return wrong_usage(no_such("command", arguments_.topic, !suggestion.empty()),
                           suggestion.empty() ? "`quantconf --help` lists the commands" : suggestion);
    }

    CLI::App app_;
    std::span<const char* const> words_;  ///< Of the command line, the program's own name first.
    Arguments arguments_;
    std::string config_dir_;
    std::string environment_;
    std::string schema_file_;
    std::string suggestion_;  ///< For a word that is not in the list it must come from.
    bool version_ = false;
};

}  // namespace

std::variant<Arguments, Stop> parse_arguments(int argc, const char* const* argv) {
    return Parser{argc, argv}.parse();
}

std::vector<std::string> command_names() {
    std::vector<std::string> names;
    for (const CommandHelp& command : command_help()) {
        names.emplace_back(command.name);
    }
    return names;
}

}  // namespace quantconf::app
