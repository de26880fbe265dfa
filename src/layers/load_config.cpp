#include <unistd.h>

#include "base/files.hpp"
#include "layers/load.hpp"
#include "quantconf/load.hpp"

namespace quantconf::detail {
namespace {

std::vector<std::string> variables_of_process() {
    std::vector<std::string> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        variables.emplace_back(*entry);
    }
    return variables;
}

}  // namespace

std::expected<LoadedTree, Failure> load_tree(const Schema& schema, LoadOptions options) {
    std::vector<std::string> variables =
        options.variables ? *std::move(options.variables) : variables_of_process();
    const auto chosen =
        layers::choose_environment(options.environment, schema.options().env_prefix, variables);
    if (!chosen) {
        return std::unexpected{Failure{chosen.error()}};
    }
    const DiskFiles files;
    const auto candidate = layers::load({.schema = &schema,
                                         .files = &files,
                                         .config_dir = std::move(options.config_dir),
                                         .environment = chosen->environment,
                                         .environment_chosen_by = chosen->by,
                                         .variables = std::move(variables),
                                         .settings = std::move(options.settings),
                                         .use_dotenv = options.use_dotenv});
    if (!candidate) {
        return std::unexpected{Failure{candidate.error()}};
    }
    if (!(*candidate)->ok) {
        return std::unexpected{Failure{(*candidate)->diagnostics}};
    }
    return LoadedTree{.root = (*candidate)->resolved,
                      .environment = (*candidate)->environment,
                      .hash = (*candidate)->hash,
                      .notes = (*candidate)->diagnostics,
                      .memory = *candidate};
}

Origin origin_of(const layers::Candidate& candidate, std::string_view path) {
    const Value* value = candidate.root.at(path);
    return value == nullptr || value->origin() == nullptr ? Origin{} : value->origin()->origin();
}

}  // namespace quantconf::detail
