#include <utility>

#include "live/engine.hpp"
#include "live/layer_records.hpp"
#include "live/update_checks.hpp"

namespace quantconf::live {
Engine::Result Engine::update(std::span<const Setting> settings, const UpdateOptions& options) {
    if (subscribers_.is_inside()) {
        return std::unexpected{Failure{inside_callback("update")}};
    }
    if (auto wrong = check_request(settings, options.reason, options.author)) {
        return std::unexpected{Failure{*std::move(wrong)}};
    }
    const MutexLock turn{turn_};
    if (!options.persist && options.scope == Scope::Process) {
        return update_process(
            settings, {.kind = history::Kind::Update, .author = options.author, .reason = options.reason});
    }
    auto updated = update_file(settings, {.layer = options.persist ? "environment" : "shared",
                                          .author = options.author,
                                          .reason = options.reason});
    if (!updated) {
        return std::unexpected{std::move(updated).error()};
    }
    return std::move(updated->report);
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

}  // namespace quantconf::live
