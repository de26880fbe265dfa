#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/quantconf/arguments.hpp"
#include "apps/quantconf/terminal.hpp"
#include "layers/load.hpp"
#include "quantconf/schema.hpp"

namespace quantconf::app {

using CandidatePointer = std::shared_ptr<const layers::Candidate>;

/// What every command works with: the arguments, the schema, the process's variables, the two streams.
///
/// Functions that cannot give a result have already told the user why; the exit code is all that is left to
/// say.
class Session {
public:
    template <typename T>
    using Result = std::expected<T, int>;

    /// Reads the schema: the bot's own, or --schema FILE.
    [[nodiscard]] static Result<Session> open(Arguments arguments, std::vector<std::string> variables);

    [[nodiscard]] const Arguments& arguments() const noexcept { return arguments_; }
    /// For a command that has just written another folder.
    void use_config_dir(const std::filesystem::path& folder) { arguments_.config_dir = folder; }
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    [[nodiscard]] const std::vector<std::string>& variables() const noexcept { return variables_; }
    [[nodiscard]] const Terminal& out() const noexcept { return out_; }
    [[nodiscard]] const Terminal& err() const noexcept { return err_; }

    /// Where the state of the configuration folder lies: --state-dir, else QUANTCONF_STATE_DIR, else
    /// .quantconf in the folder; where that cannot be written and has none, a folder of its own below
    /// XDG_STATE_HOME. Absolute.
    [[nodiscard]] std::filesystem::path state_dir() const;
    [[nodiscard]] std::filesystem::path store_file() const { return state_dir() / "secrets.qcs"; }

    /// Which environment this run is about: --env, variables, development.
    [[nodiscard]] Result<layers::ChosenEnvironment> environment() const;

    /// Everything that a program started now would read.
    [[nodiscard]] Result<CandidatePointer> load(layers::SecretResolver* resolver = nullptr) const;
    /// Only what the folder says: no .env, no variables, no --set. The same on every machine.
    [[nodiscard]] Result<CandidatePointer> load_files(Environment environment,
                                                      const std::filesystem::path& config_dir) const;
    /// Also with what this machine adds, for a given environment.
    [[nodiscard]] Result<CandidatePointer> load(layers::ChosenEnvironment environment,
                                                layers::SecretResolver* resolver = nullptr) const;
    /// The same, for who has more to say than that a file cannot be read.
    [[nodiscard]] Outcome<CandidatePointer> look(layers::ChosenEnvironment environment,
                                                 layers::SecretResolver* resolver = nullptr) const;
    /// load(), but an invalid configuration is reported and refused.
    [[nodiscard]] Result<CandidatePointer> load_valid(layers::SecretResolver* resolver = nullptr) const;

    /// "error: ..." and "hint: ..." on stderr; returns the code.
    int fail(int exit_code, std::string_view message, std::string_view hint = {}) const;
    /// The same for an error of the world; 1 where the answer is simply no.
    int fail(const Error& error) const;
    /// An unknown path, with suggestions from the schema.
    int unknown_path(std::string_view path) const;
    void print_diagnostics(const Diagnostics& diagnostics) const;

    /// Every leaf's path, fixed keys of maps written out.
    [[nodiscard]] std::vector<std::string> paths() const;

private:
    Session(Arguments arguments, std::vector<std::string> variables, Schema schema)
        : arguments_{std::move(arguments)}, variables_{std::move(variables)}, schema_{std::move(schema)} {}

    Result<CandidatePointer> run(const layers::Inputs& inputs) const;

    Arguments arguments_;
    std::vector<std::string> variables_;
    Schema schema_;
    Terminal out_{stdout};
    Terminal err_{stderr};
};

}  // namespace quantconf::app
