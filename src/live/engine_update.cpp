#include <optional>
#include <utility>

#include "live/engine.hpp"
#include "live/layer_records.hpp"
#include "live/update_checks.hpp"
#include "live/vanished.hpp"

namespace quantconf::live {
Engine::Result Engine::update(std::span<const Setting> settings, const UpdateOptions& options) {
    if (subscribers_.is_inside()) {
        return std::unexpected{Failure{inside_callback("update")}};
    }
    const MutexLock turn{turn_};
    auto done = update_now(settings, options);
    if (!done) {
        audit_refusal(done.error());
        report();
    }
    return done;
}

Engine::Result Engine::update_now(std::span<const Setting> settings, const UpdateOptions& options) {
    if (auto wrong = check_request(settings, options.reason, options.author)) {
        return std::unexpected{Failure{*std::move(wrong)}};
    }
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

std::optional<Failure> Engine::wrong_with_files() {
    auto is = load(now());
    if (!is) {
        return std::move(is).error();
    }
    if (auto missing = vanished(*is->candidate); !missing.empty()) {
        return Failure{std::move(missing)};
    }
    return is->candidate->ok ? std::nullopt : std::optional{Failure{is->candidate->diagnostics}};
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
    ChangeRequest made = request;
    if (!loaded || !loaded->candidate->ok || !vanished(*loaded->candidate).empty()) {
        if (auto wrong = wrong_with_files()) {
            // Who has to reduce risk now does not have to wait for a file. What is refused stays refused.
            made.keeps_refusal = true;
            loaded = load(last_good_files(wanted));
            if (!loaded || !lost_layers(current()->layers, *loaded->candidate).empty()) {
                return std::unexpected{*std::move(wrong)};  // Started from the history: no file is known.
            }
            if (health().last_reload_ok) {
                (void)refuse(*std::move(wrong), {});
            }
        }
    }
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
    auto taken = take(*loaded, made);
    if (taken) {
        overrides_ = std::move(wanted);
        const MutexLock lock{mutex_};
        health_.overrides = overrides_.size();
    }
    return taken;
}

}  // namespace quantconf::live
