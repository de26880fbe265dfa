#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "live/change_note.hpp"
#include "live/changes.hpp"
#include "live/engine.hpp"
#include "live/file_plan.hpp"
#include "live/layer_records.hpp"
#include "live/update_checks.hpp"

namespace quantconf::live {
namespace {

/// An environment as its files alone describe it, with these texts in place of some of them.
Outcome<Loaded> load_files(const LoaderParts& parts, Environment environment,
                           const std::map<std::filesystem::path, std::string>& edited) {
    LoaderParts other = parts;
    other.environment = environment;
    other.variables.clear();
    other.settings.clear();
    other.use_dotenv = false;
    other.shared_overrides.clear();
    other.resolver = nullptr;  // What it finds would be recorded as resolved.
    return Loader{std::move(other)}.load({.process_overrides = {}, .edited = edited});
}

/// base.yaml and local.yaml are read in every environment. One that was valid has to stay so.
std::expected<void, Failure> check_other_environments(
    const LoaderParts& parts, const std::map<std::filesystem::path, std::string>& edited) {
    Diagnostics wrong;
    for (const Environment environment : kEnvironments) {
        if (environment == parts.environment) {
            continue;
        }
        const auto before = load_files(parts, environment, {});
        if (!before) {
            return std::unexpected{Failure{before.error()}};
        }
        const auto after = load_files(parts, environment, edited);
        if (!after) {
            return std::unexpected{Failure{after.error()}};
        }
        const bool may_not_read_it =
            std::ranges::any_of(after->candidate->diagnostics,
                                [](const Diagnostic& one) { return one.code == Code::LocalLayerForbidden; });
        if (!before->candidate->ok || after->candidate->ok || may_not_read_it) {
            continue;  // local.yaml is no layer of every environment, which is no reason against it.
        }
        for (Diagnostic diagnostic : after->candidate->diagnostics) {
            if (diagnostic.severity == Severity::Error) {
                diagnostic.hint += fmt::format("{}{} reads this file too, and would become invalid",
                                               diagnostic.hint.empty() ? "" : "; ", name_of(environment));
                wrong.push_back(std::move(diagnostic));
            }
        }
    }
    if (!wrong.empty()) {
        return std::unexpected{Failure{std::move(wrong)}};
    }
    return {};
}

/// Whether the values themselves are wrong. What else is wrong with the files may be what they mend.
bool blames_update(const layers::Candidate& trial) {
    return std::ranges::any_of(trial.diagnostics, [](const Diagnostic& one) {
        return one.severity == Severity::Error &&
               (one.origin.source == nullptr || one.origin.source->layer() == "process");
    });
}

}  // namespace

std::expected<LayerUpdated, Failure> Engine::update_layer(std::span<const Setting> settings,
                                                          const LayerUpdate& update) {
    if (subscribers_.is_inside()) {
        return std::unexpected{Failure{inside_callback("update")}};
    }
    if (auto wrong = check_request(settings, update.reason, update.author)) {
        return std::unexpected{Failure{*std::move(wrong)}};
    }
    const MutexLock turn{turn_};
    return update_file(settings, update);
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

std::expected<LayerUpdated, Failure> Engine::update_file(std::span<const Setting> settings,
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
    if (blames_update(*typed->candidate)) {
        return std::unexpected{Failure{typed->candidate->diagnostics}};
    }
    auto is = load(now());
    if (!is) {
        return std::unexpected{std::move(is).error()};
    }
    LayerUpdated done{
        .report = {}, .file = file_of(*typed->candidate, update.layer), .before = is->candidate, .after = {}};
    FilePlan plan{*typed->candidate};
    for (const Setting& setting : settings) {
        const std::string path = current_path(parts.schema, setting.path);
        const Value* value = setting.value.text() ? typed->candidate->root.at(path) : nullptr;
        if (setting.value.text() && value == nullptr) {
            return std::unexpected{Failure{typed->candidate->diagnostics}};
        }
        plan.add(update.layer, done.file, path, value == nullptr ? std::nullopt : std::optional{*value});
    }
    const auto texts = plan.texts();
    if (!texts) {
        return std::unexpected{Failure{texts.error()}};
    }
    LoadRequest edited = now();
    edited.edited = *texts;
    auto loaded = load(edited);
    if (!loaded) {
        return std::unexpected{std::move(loaded).error()};
    }
    if (!loaded->candidate->ok) {
        return std::unexpected{Failure{loaded->candidate->diagnostics}};
    }
    for (const Setting& setting : settings) {
        const std::string path = current_path(parts.schema, setting.path);
        const auto [winner, by] = winner_of(*loaded->candidate, path);
        if (setting.value.text() && winner != update.layer) {
            return std::unexpected{Failure{Diagnostics{shadowed(path, done.file.generic_string(), by)}}};
        }
    }
    if (update.layer == "base" || update.layer == "local") {
        if (auto others = check_other_environments(parts, *texts); !others) {
            return std::unexpected{std::move(others).error()};
        }
    }
    done.after = loaded->candidate;
    if (update.dry_run) {
        auto version = version_of(*loaded);
        if (!version) {
            return std::unexpected{std::move(version).error()};
        }
        done.report = {.version = (*version)->label,
                       .changes = changes_between(*current(), **version),
                       .pending = (*version)->pending};
        return done;
    }
    ChangeRequest request{.kind = history::Kind::Update, .author = update.author, .reason = update.reason};
    const history::FileChange change = plan.change(*texts, note_of(request));
    done.is_written = !change.edits.empty();
    request.changes_files = done.is_written;
    request.before = is->candidate->ok ? is->candidate : nullptr;
    auto taken =
        done.is_written ? take(*loaded, request, place_of(change, loaded->seen)) : take(*loaded, request);
    if (!taken) {
        return std::unexpected{std::move(taken).error()};
    }
    done.report = *std::move(taken);
    return done;
}

}  // namespace quantconf::live
