#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace quantconf::app {

/// What the user typed, understood. A flat structure: each command reads the members that its help names.
struct Arguments {
    std::string command;
    bool version = false;  ///< --version instead of a command.
    std::string topic;     ///< The second word of `schema json`, `env list`, `completion bash`, `help check`.

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

    // Secrets: where they are and how they are unlocked.
    std::optional<std::filesystem::path> state_dir;
    std::optional<std::filesystem::path> key_file;
    int key_fd = -1;
    bool passphrase = false;  ///< The store is opened with a passphrase, asked for at the terminal.
    bool accept_rollback = false;
    bool accept_damage = false;

    // Of `secret`.
    std::vector<std::string> hosts;
    std::string expires;
    bool promote = false;
    bool abort = false;
    bool retire = false;
    std::optional<std::filesystem::path> new_key_file;
    bool new_passphrase = false;
    std::vector<std::filesystem::path> other_key_files;
    bool other_passphrase = false;
    std::optional<std::filesystem::path> fernet_file;
    std::optional<std::filesystem::path> fernet_key;
    std::optional<std::filesystem::path> dotenv_file;

    bool reveal = false;  ///< Of `get`.

    // Of what changes and what looks back: `set`, `rollback`, `at`.
    std::string layer;  ///< Which file `set` writes into; empty: that of the environment.
    std::string reason;
    std::vector<std::string> unsets;  ///< Paths that `set` takes out of that file.
    std::vector<std::string> paths;   ///< Values that `at` shows.
    bool dry_run = false;

    bool accept_missing = false;                       ///< Of `reload`.
    std::optional<std::chrono::milliseconds> timeout;  ///< Of `reload` and `fetch`.
    std::vector<std::string> parameters;               ///< Of `fetch`: name=value.

    // Of `run`, of `audit log`, and of `history`.
    std::vector<std::string> exports;         ///< PATH=VAR
    std::vector<std::string> secret_exports;  ///< NAME=VAR
    std::size_t limit = 0;
};

/// Parsing ends the program at once for --help, and for a wrong command line.
struct Stop {
    int exit_code = 0;
    std::string output;  ///< For stdout.
    std::string error;   ///< For stderr.
};

[[nodiscard]] std::variant<Arguments, Stop> parse_arguments(int argc, const char* const* argv);

}  // namespace quantconf::app
