#include <algorithm>
#include <utility>

#include "live/engine.hpp"
#include "live/layer_records.hpp"
#include "live/problem.hpp"

namespace quantconf::live {

Engine::Result Engine::reload(const ChangeRequest& request) {
    if (subscribers_.is_inside()) {
        return std::unexpected{Failure{inside_callback("reload")}};
    }
    const MutexLock turn{turn_};
    auto loaded = load(now());
    if (request.is_disturbed && request.is_disturbed()) {
        return std::unexpected{Failure{Error{.operation = "reload",
                                             .subject = parts_.loader.parts().config_dir.string(),
                                             .cause = make_error_code(Problem::Disturbed),
                                             .hint = "it is read again when they rest"}}};
    }
    {
        const MutexLock lock{mutex_};
        ++health_.reloads;
    }
    if (!loaded) {
        return refuse(std::move(loaded).error(), request);
    }
    {
        const MutexLock lock{mutex_};
        seen_ = loaded->seen;
    }
    ChangeRequest accepted = request;
    if (request.accept_missing) {
        gone_.clear();
        const auto missing = lost_since_newest(*loaded->candidate);
        accepted.changes_files = missing && !missing->empty();
        const MutexLock lock{mutex_};
        look_again_.reset();
    } else if (auto missing = vanished(*loaded->candidate); !missing.empty()) {
        return refuse(Failure{std::move(missing)}, request);
    }
    return take(*loaded, accepted);
}

bool Engine::is_asked(const ReloadRequest& request) {
    const MutexLock turn{turn_};
    const auto process = recorder_.process();
    // However late it is by our clock, or by the clock of whoever asks: he waits, or the lock would be free.
    return process && request.id != answered_ &&
           std::ranges::find(request.asked, AskedProcess::of(*process, history::this_process())) !=
               request.asked.end();
}

namespace {

/// What was in the way: warnings are nobody's reason.
std::string reasons_of(const Failure& failure) {
    const auto* diagnostics = std::get_if<Diagnostics>(&failure);
    if (diagnostics == nullptr) {
        return to_text(failure);
    }
    Diagnostics errors = *diagnostics;
    std::erase_if(errors, [](const Diagnostic& one) { return one.severity != Severity::Error; });
    return to_text(Failure{std::move(errors)});
}

}  // namespace

void Engine::answer(const ReloadRequest& request, const Result& result) {
    const MutexLock turn{turn_};
    answered_ = request.id;  // Also where nobody can be told: it was done.
    (void)recorder_.answer({.request = request.id,
                            .is_accepted = result.has_value(),
                            .said = result ? std::string{} : reasons_of(result.error())});
}

}  // namespace quantconf::live
