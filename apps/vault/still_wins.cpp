#include "apps/vault/still_wins.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "format/write.hpp"
#include "quantconf/detail/try.hpp"
#include "schema/variable_names.hpp"

namespace quantconf::app {
namespace {

/// From the weakest to the strongest.
constexpr std::array<std::string_view, 4> kAboveFiles{"variable", "shared", "process", "option"};

/// How strong a layer is; 0 for the files.
std::size_t rank_of(std::string_view layer) {
    const auto* const found = std::ranges::find(kAboveFiles, layer);
    return found == kAboveFiles.end() ? 0 : static_cast<std::size_t>(found - kAboveFiles.begin()) + 1;
}

/// Everything by which a path can be called: itself, what it is in, and the old names of these.
std::vector<std::string> names_of(const Schema& schema, std::string path) {
    std::vector<std::string> names;
    while (!path.empty()) {
        names.push_back(path);
        for (const auto& [old_name, now] : schema.aliases()) {
            if (now == path) {
                names.push_back(old_name);
            }
        }
        const std::size_t dot = path.rfind('.');
        path.resize(dot == std::string::npos ? 0 : dot);
    }
    return names;
}

/// Both ways to separate the steps of a path as one.
std::string as_one_spelling(std::string_view variable) {
    std::string text;
    for (const char c : variable) {
        if (c != '_' || !text.ends_with('_')) {
            text += c;
        }
    }
    return text;
}

bool is_variable_of(std::string_view variable, const Schema& schema, std::string_view path) {
    constexpr std::string_view kFile = "_FILE";
    const std::string wanted = as_one_spelling(schema::variable_name(schema.options().env_prefix, path));
    const std::string name = as_one_spelling(variable);
    return name == wanted || (name.ends_with(kFile) && name.substr(0, name.size() - kFile.size()) == wanted);
}

/// "--set trading.max_orders": the path stands at the end, behind what the layer is called.
bool is_setting_of(std::string_view name, std::string_view path) {
    return name == path || (name.ends_with(path) && name[name.size() - path.size() - 1] == ' ');
}

/// The strongest layer of its own that sets a path, or something that the path is in.
std::optional<StillWins> winner(const history::VersionRecord& shown, const Schema& schema,
                                const ChangedPath& changed) {
    std::optional<StillWins> strongest;
    for (const std::string& path : names_of(schema, changed.path)) {
        for (const history::LayerRecord& layer : shown.layers) {
            const bool is_it = layer.layer == "variable" ? is_variable_of(layer.name, schema, path)
                                                         : is_setting_of(layer.name, path);
            const bool is_above = layer.layer != "shared" && rank_of(layer.layer) > rank_of(changed.layer);
            if (is_it && is_above && (!strongest || rank_of(layer.layer) > rank_of(strongest->layer))) {
                strongest = StillWins{.path = changed.path, .layer = layer.layer, .name = layer.name};
            }
        }
    }
    return strongest;
}

}  // namespace

Outcome<std::vector<StillWins>> still_wins(const Session& session, StateView& state,
                                           const history::ProcessRow& process,
                                           const std::vector<ChangedPath>& changed) {
    std::vector<StillWins> winners;
    QC_TRY(const auto shown, state.history().find(process.status.version));
    if (!shown) {
        return winners;
    }
    for (const ChangedPath& one : changed) {
        if (auto found = winner(*shown, session.schema(), one)) {
            winners.push_back(*std::move(found));
        }
    }
    if (winners.empty()) {
        return winners;
    }
    QC_TRY(const auto values, values_of(session, *shown));
    for (StillWins& one : winners) {
        const Value* const value = values->ok ? values->root.at(one.path) : nullptr;
        if (value != nullptr && !value->is_absent()) {
            one.value = format::to_display(*value);
        }
    }
    return winners;
}

std::string describe(const StillWins& winner) {
    if (winner.layer == "variable") {
        return fmt::format("{} from its environment", winner.name);
    }
    return winner.layer == "option" ? fmt::format("{} of its own", winner.name) : "an override of its own";
}

}  // namespace quantconf::app
