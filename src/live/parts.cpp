#include "live/parts.hpp"

#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "live/places.hpp"
#include "live/store_access.hpp"

namespace quantconf::live {
namespace {

std::vector<std::string> variables_of_process() {
    std::vector<std::string> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        variables.emplace_back(*entry);
    }
    return variables;
}

}  // namespace

std::expected<EngineParts, Failure> make_parts(const Schema& schema, const OpenOptions& options,
                                               References references) {
    static const SystemClock kClock;
    std::vector<std::string> variables = options.variables ? *options.variables : variables_of_process();
    const auto chosen =
        layers::choose_environment(options.environment, schema.options().env_prefix, variables);
    if (!chosen) {
        return std::unexpected{Failure{chosen.error()}};
    }
    const std::filesystem::path state_dir =
        options.state_dir.empty() ? default_state_dir(options.config_dir, variables, schema.options().app)
                                  : options.state_dir;
    const auto store = std::make_shared<StoreAccess>(StorePlaces{.state_dir = state_dir,
                                                                 .key_file = options.key_file,
                                                                 .chosen_key = options.chosen_key,
                                                                 .variables = variables},
                                                     kClock);
    LoaderParts parts{
        .schema = schema,
        .config_dir = options.config_dir,
        .environment = chosen->environment,
        .environment_chosen_by = chosen->by,
        .variables = std::move(variables),
        .settings = options.settings,
        .use_dotenv = options.use_dotenv,
        .shared_overrides = state_dir / fmt::format("overrides.{}.yaml", name_of(chosen->environment)),
        .missing_secrets = options.missing_secrets == OnMissingSecret::Absent
                               ? layers::MissingSecrets::Absent
                               : layers::MissingSecrets::Refuse};
    if (references == References::Resolved) {
        parts.resolver = [store] { return store->resolver(); };
        parts.also_watched = {store->file()};
    }
    EngineParts made{.loader = Loader{std::move(parts)},
                     .state_dir = state_dir,
                     .keep_history = options.keep_history,
                     .retention = options.retention,
                     .clock = &kClock};
    if (references == References::Resolved) {
        made.audit_key = [store] { return store->audit_key(); };
    }
    return made;
}

}  // namespace quantconf::live
