#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "layers/resolve_secrets.hpp"
#include "layers/secret_resolver.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/environment.hpp"
#include "quantconf/error.hpp"
#include "quantconf/schema.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// Everything that a load depends on. Same inputs, same result.
struct Inputs {
    const Schema* schema = nullptr;
    const Files* files = nullptr;
    std::filesystem::path config_dir = "config";
    Environment environment = Environment::Development;
    /// Who chose it, as choose_environment() says; for `explain`.
    std::string environment_chosen_by{};
    std::vector<std::string>
        variables{};                      ///< "NAME=value", as in environ; other programs' names are ignored.
    std::vector<std::string> settings{};  ///< "path=value" of --set, in order.
    /// What has been changed at run time for all processes of the bot: a layer file in the state folder,
    /// above the variables. Empty: none is looked for.
    std::filesystem::path shared_overrides{};
    /// What this process has changed for itself alone, above that; "path=value", in order.
    std::vector<std::string> process_overrides{};
    bool use_dotenv = true;
    /// Who knows the secrets. nullptr: references stay references, and nothing is unlocked.
    SecretResolver* resolver = nullptr;
    MissingSecrets missing_secrets = MissingSecrets::Refuse;
};

/// Which environment, and who chose it.
struct ChosenEnvironment {
    Environment environment = Environment::Development;
    std::string by;  ///< "--env", "QUANTBOT_ENVIRONMENT", "ENVIRONMENT", "ENV" or "default".
};

/// The caller's choice, else <PREFIX>_ENVIRONMENT, ENVIRONMENT, ENV (values with a / are not meant for us),
/// else development. An unknown name is a diagnostic with a suggestion.
[[nodiscard]] Checked<ChosenEnvironment> choose_environment(const std::optional<std::string>& requested,
                                                            std::string_view env_prefix,
                                                            const std::vector<std::string>& variables);

/// One place that contributed, lowest first.
struct Layer {
    std::string name;  ///< base, environment, local, dotenv, variable, shared, process, option.
    std::shared_ptr<const Source> source;
    bool is_broken = false;  ///< Could not be parsed; the candidate is then invalid.
};

/// The result of merging and validating: pure data, valid or not.
///
/// Owns everything that its values point into. Immutable once made; any number of threads may read it.
struct Candidate {
    Environment environment = Environment::Development;
    std::vector<Layer> layers;
    Diagnostics diagnostics;  ///< In order, capped; errors, warnings and notes.
    bool ok = false;          ///< No errors. Only then may `root` be used by a program.
    std::string hash;         ///< SHA-256 of the canonical form, 64 hex digits; empty unless ok.
    value::Node merged;       ///< Before typing: who set what where.
    Value root;               ///< After typing; secrets as their references, which is what may be shown.
    Value resolved;           ///< What a program gets: `root` with the secrets in place of their references.
    std::vector<CandidateSecret> secrets;  ///< Those that were resolved, with their versions.

    std::vector<std::shared_ptr<const value::Document>> documents;
    std::vector<std::shared_ptr<const Source>> sources;
    std::shared_ptr<Arena> arena;
    std::shared_ptr<const Schema> schema;  ///< Owns the texts of the defaults.
};

/// Reads, merges, resolves and validates. Wrong data is in Candidate::diagnostics; an Error means that a file
/// could not be read at all.
[[nodiscard]] Outcome<std::shared_ptr<const Candidate>> load(const Inputs& inputs);

}  // namespace quantconf::layers
