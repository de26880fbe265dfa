#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "live/change_note.hpp"
#include "live/changes.hpp"
#include "live/engine.hpp"
#include "live/file_plan.hpp"

/// What every change of layer files has in common, whoever has planned it.
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

}  // namespace

std::expected<void, Failure> Engine::check_others(const FilePlan& plan, const FileTexts& texts,
                                                  const layers::Candidate& is) {
    for (const char* layer : {"base", "local"}) {
        if (!plan.touches(layer)) {
            continue;
        }
        auto missing = lost_to_others(layer, is);
        if (!missing) {
            return std::unexpected{Failure{std::move(missing).error()}};
        }
        if (!missing->empty()) {
            return std::unexpected{Failure{*std::move(missing)}};
        }
    }
    const bool is_read_by_others = plan.touches("base") || plan.touches("local");
    return is_read_by_others ? check_other_environments(parts_.loader.parts(), texts)
                             : std::expected<void, Failure>{};
}

std::expected<FilesChanged, Failure> Engine::change_files(
    const FilePlan& plan, const std::shared_ptr<const layers::Candidate>& is, ChangeRequest request,
    bool dry_run, const std::function<Diagnostics(const layers::Candidate&)>& check) {
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
    if (auto missing = vanished(*loaded->candidate); !missing.empty()) {
        return std::unexpected{Failure{std::move(missing)}};
    }
    if (!loaded->candidate->ok) {
        return std::unexpected{Failure{loaded->candidate->diagnostics}};
    }
    if (auto wrong = check(*loaded->candidate); !wrong.empty()) {
        return std::unexpected{Failure{std::move(wrong)}};
    }
    if (auto others = check_others(plan, *texts, *is); !others) {
        return std::unexpected{std::move(others).error()};
    }
    FilesChanged done{.report = {},
                      .before = is,
                      .after = loaded->candidate,
                      .is_read_by_others = plan.touches("base") || plan.touches("local")};
    if (dry_run) {
        auto version = version_of(*loaded);
        if (!version) {
            return std::unexpected{std::move(version).error()};
        }
        done.report = {.version = (*version)->label,
                       .changes = changes_between(*current(), **version),
                       .pending = (*version)->pending};
        return done;
    }
    const history::FileChange change = plan.change(*texts, note_of(request));
    done.is_written = !change.edits.empty();
    request.changes_files = done.is_written;
    request.before = is->ok ? is : nullptr;
    auto taken =
        done.is_written ? take(*loaded, request, place_of(change, loaded->seen)) : take(*loaded, request);
    if (!taken) {
        return std::unexpected{std::move(taken).error()};
    }
    done.report = *std::move(taken);
    return done;
}

}  // namespace quantconf::live
