#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "live/engine.hpp"
#include "live/file_plan.hpp"
#include "live/layer_records.hpp"
#include "live/update_checks.hpp"

namespace quantconf::live {
namespace {

/// Whether the values themselves are wrong. What else is wrong with the files may be what they mend.
bool blames_update(const layers::Candidate& trial) {
    return std::ranges::any_of(trial.diagnostics, [](const Diagnostic& one) {
        return one.severity == Severity::Error &&
               (one.origin.source == nullptr || one.origin.source->layer() == "process");
    });
}

}  // namespace

std::expected<FilesChanged, Failure> Engine::update_layer(std::span<const Setting> settings,
                                                          const LayerUpdate& update) {
    if (subscribers_.is_inside()) {
        return std::unexpected{Failure{inside_callback("update")}};
    }
    if (auto wrong = check_request(settings, update.reason, update.author)) {
        return std::unexpected{Failure{*std::move(wrong)}};
    }
    const MutexLock turn{turn_};
    auto done = update_file(settings, update);
    if (!done && !update.dry_run) {
        audit_refusal(done.error());
    }
    return done;
}

std::filesystem::path Engine::file_of(const layers::Candidate& candidate, const std::string& layer) const {
    const LoaderParts& parts = parts_.loader.parts();
    if (layer == "shared") {
        return parts.shared_overrides;
    }
    const auto found = std::ranges::find(candidate.layers, layer, &layers::Layer::name);
    if (found != candidate.layers.end()) {
        return found->source->name();
    }
    const std::string_view name = layer == "environment" ? name_of(parts.environment) : layer;
    return parts.config_dir / fmt::format("{}.yaml", name);
}

std::expected<FilesChanged, Failure> Engine::update_file(std::span<const Setting> settings,
                                                         const LayerUpdate& update) {
    const LoaderParts& parts = parts_.loader.parts();
    // First as if it were for this process alone: that gives the values their types, or every reason against
    // them.
    LoadRequest trial = now();
    for (const Setting& setting : settings) {
        if (setting.value.text()) {
            trial.process_overrides.insert_or_assign(current_path(parts.schema, setting.path),
                                                     *setting.value.text());
        }
    }
    auto typed = load(trial);
    if (!typed) {
        return std::unexpected{std::move(typed).error()};
    }
    if (auto missing = vanished(*typed->candidate); !missing.empty()) {
        return std::unexpected{Failure{std::move(missing)}};
    }
    if (blames_update(*typed->candidate)) {
        return std::unexpected{Failure{typed->candidate->diagnostics}};
    }
    auto is = load(now());
    if (!is) {
        return std::unexpected{std::move(is).error()};
    }
    const std::filesystem::path file = file_of(*typed->candidate, update.layer);
    FilePlan plan{*typed->candidate};
    for (const Setting& setting : settings) {
        const std::string path = current_path(parts.schema, setting.path);
        const Value* value = setting.value.text() ? typed->candidate->root.at(path) : nullptr;
        if (setting.value.text() && value == nullptr) {
            return std::unexpected{Failure{typed->candidate->diagnostics}};
        }
        plan.add(update.layer, file, path, value == nullptr ? std::nullopt : std::optional{*value});
    }
    // What a higher layer hides would look like a change and be none.
    const auto check = [&](const layers::Candidate& after) {
        for (const Setting& setting : settings) {
            const std::string path = current_path(parts.schema, setting.path);
            const auto [winner, by] = winner_of(after, path);
            if (setting.value.text() && winner != update.layer) {
                return Diagnostics{shadowed(path, file.generic_string(), by)};
            }
        }
        return Diagnostics{};
    };
    return change_files(plan, is->candidate,
                        {.kind = history::Kind::Update, .author = update.author, .reason = update.reason},
                        update.dry_run, check);
}

}  // namespace quantconf::live
