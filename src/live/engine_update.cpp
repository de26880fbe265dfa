#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "layers/explain.hpp"
#include "live/change_note.hpp"
#include "live/engine.hpp"
#include "live/file_plan.hpp"
#include "live/layer_records.hpp"
#include "live/problem.hpp"

namespace quantconf::live {
namespace {

constexpr std::size_t kTextBytes = 1'000;  ///< Of a reason or an author.

std::optional<Error> check_texts(const std::string& reason, const std::string& author) {
    for (const auto& [what, text] : {std::pair{"reason", &reason}, std::pair{"author", &author}}) {
        if (text->size() > kTextBytes) {
            return Error{.operation = "record",
                         .subject = fmt::format("the {} of a change", what),
                         .cause = make_error_code(Problem::TextTooLong),
                         .hint = fmt::format("it has {} bytes; the limit is {}", text->size(), kTextBytes)};
        }
    }
    return std::nullopt;
}

/// Where a path leads today.
std::string current_path(const Schema& schema, const std::string& path) {
    const auto alias = std::ranges::find(schema.aliases(), path, &std::pair<std::string, std::string>::first);
    return alias == schema.aliases().end() ? path : alias->second;
}

/// The name of the layer whose value of `path` wins, and how it is called.
std::pair<std::string, std::string> winner_of(const layers::Candidate& candidate, std::string_view path) {
    const auto set_by = layers::explain(candidate, *candidate.schema, path);
    if (!set_by || set_by->empty()) {
        return {};
    }
    const auto wins = std::ranges::find_if(*set_by, &layers::SetBy::wins);
    return wins == set_by->end()
               ? std::pair<std::string, std::string>{}
               : std::pair{wins->layer, wins->location.empty() ? wins->layer : wins->location};
}

Diagnostic shadowed(const std::string& path, const std::string& file, const std::string& by) {
    return {.code = Code::ChangeShadowed,
            .path = path,
            .message = fmt::format("{} wins over {}, so the change would change nothing", by, file),
            .hint = fmt::format("change it there; `quantconf explain {}` shows every layer", path)};
}

}  // namespace

Engine::Result Engine::update(std::span<const Setting> settings, const UpdateOptions& options) {
    if (subscribers_.is_inside()) {
        return std::unexpected{Failure{inside_callback("update")}};
    }
    if (settings.empty()) {
        return std::unexpected{Failure{Error{.operation = "update",
                                             .subject = "the configuration",
                                             .cause = make_error_code(Problem::NothingToSet),
                                             .hint = {}}}};
    }
    if (auto wrong = check_texts(options.reason, options.author)) {
        return std::unexpected{Failure{*std::move(wrong)}};
    }
    const MutexLock turn{turn_};
    const ChangeRequest request{
        .kind = history::Kind::Update, .author = options.author, .reason = options.reason};
    return options.persist || options.scope == Scope::Shared ? update_file(settings, options, request)
                                                             : update_process(settings, request);
}

Engine::Result Engine::update_process(std::span<const Setting> settings, const ChangeRequest& request) {
    auto wanted = overrides_;
    for (const Setting& setting : settings) {
        const std::string path = current_path(parts_.loader.parts().schema, setting.path);
        if (setting.value.text()) {
            wanted.insert_or_assign(path, *setting.value.text());
        } else {
            wanted.erase(path);
        }
    }
    auto loaded = load({.process_overrides = wanted});
    if (!loaded) {
        return std::unexpected{std::move(loaded).error()};
    }
    if (!loaded->candidate->ok) {
        return std::unexpected{Failure{loaded->candidate->diagnostics}};
    }
    for (const Setting& setting : settings) {
        const std::string path = current_path(parts_.loader.parts().schema, setting.path);
        const auto [layer, by] = winner_of(*loaded->candidate, path);
        if (setting.value.text() && layer != "process") {
            return std::unexpected{Failure{Diagnostics{shadowed(path, "an update of this process", by)}}};
        }
    }
    auto taken = take(*loaded, request);
    if (taken) {
        overrides_ = std::move(wanted);
        const MutexLock lock{mutex_};
        health_.overrides = overrides_.size();
    }
    return taken;
}

Engine::Result Engine::update_file(std::span<const Setting> settings, const UpdateOptions& options,
                                   const ChangeRequest& request) {
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
    if (!typed->candidate->ok) {
        return std::unexpected{Failure{typed->candidate->diagnostics}};
    }
    const std::string layer = options.persist ? "environment" : "shared";
    std::filesystem::path file = parts.shared_overrides;
    if (options.persist) {
        const auto found = std::ranges::find(typed->candidate->layers, "environment", &layers::Layer::name);
        file = found != typed->candidate->layers.end()
                   ? std::filesystem::path{found->source->name()}
                   : parts.config_dir / fmt::format("{}.yaml", name_of(parts.environment));
    }
    FilePlan plan{*typed->candidate};
    for (const Setting& setting : settings) {
        const std::string path = current_path(parts.schema, setting.path);
        const Value* value = setting.value.text() ? typed->candidate->root.at(path) : nullptr;
        plan.add(layer, file, path, value == nullptr ? std::nullopt : std::optional{*value});
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
        if (setting.value.text() && winner != layer) {
            return std::unexpected{Failure{Diagnostics{shadowed(path, file.generic_string(), by)}}};
        }
    }
    const history::FileChange change = plan.change(*texts, note_of(request));
    if (change.edits.empty()) {
        return take(*loaded, request);
    }
    return take(*loaded, request, [&](const std::function<Outcome<void>()>& record) {
        return history::apply(change, parts_.state_dir, record);
    });
}

}  // namespace quantconf::live
