#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "history/version.hpp"
#include "layers/load.hpp"
#include "live/stable_files.hpp"
#include "quantconf/error.hpp"
#include "quantconf/schema.hpp"

namespace quantconf::live {

/// What stays the same over the life of a manager.
struct LoaderParts {
    Schema schema;
    std::filesystem::path config_dir;
    Environment environment = Environment::Development;
    std::string environment_chosen_by;
    std::vector<std::string> variables;
    std::vector<std::string> settings;
    bool use_dotenv = true;
    std::filesystem::path shared_overrides;  ///< Empty: none.
    /// A fresh look at the secrets for each load; nothing where there is no store.
    std::function<std::unique_ptr<layers::SecretResolver>()> resolver = {};
    std::vector<std::filesystem::path> also_watched = {};  ///< What decides besides the layers: the store.
    layers::MissingSecrets missing_secrets = layers::MissingSecrets::Refuse;
};

/// What differs between two loads.
struct LoadRequest {
    std::map<std::string, std::string> process_overrides;      ///< Path -> text.
    std::map<std::filesystem::path, std::string> edited = {};  ///< Files as a change would leave them.
    /// There are no other files than these: the disk is not looked at, and nothing of it was seen.
    bool edited_alone = false;
};

struct Loaded {
    std::shared_ptr<const layers::Candidate> candidate;  ///< Valid or not.
    Fingerprints seen;  ///< The files that it was made of, or that were not there.
    /// Of a version of the history: what it was made of. Empty: the candidate says it.
    std::vector<history::LayerRecord> layers = {};
    std::map<std::string, std::string> process_overrides = {};  ///< As they were asked for.
};

/// Makes candidates: pure, but for reading one consistent state of the files. Any thread.
class Loader {
public:
    explicit Loader(LoaderParts parts) : parts_{std::move(parts)} {}

    [[nodiscard]] const LoaderParts& parts() const noexcept { return parts_; }
    /// Problem::KeepsChanging if the files never hold still.
    [[nodiscard]] Outcome<Loaded> load(const LoadRequest& request) const;
    /// A version of the history, from its canonical form; called `name` in messages. Valid or not.
    [[nodiscard]] Outcome<Loaded> load_canonical(const std::string& name, const std::string& canonical) const;

private:
    LoaderParts parts_;
};

}  // namespace quantconf::live
