#include <utility>

#include "live/engine.hpp"
#include "live/state_folder.hpp"

namespace quantconf::live {

std::expected<std::unique_ptr<Engine>, Failure> Engine::go_on(EngineParts parts,
                                                              std::shared_ptr<const Version> shown) {
    if (parts.keep_history) {
        auto prepared =
            prepare_state_folder(parts.state_dir, StateUser::Program, parts.loader.parts().variables);
        if (!prepared) {
            return std::unexpected{Failure{std::move(prepared).error()}};
        }
    }
    std::unique_ptr<Engine> engine{new Engine{std::move(parts)}};
    const MutexLock turn{engine->turn_};
    engine->overrides_ = shown->process_overrides;
    {
        const MutexLock lock{engine->mutex_};
        engine->seen_ = shown->seen;
        engine->adopt(*shown);
        engine->health_.overrides = engine->overrides_.size();
        engine->current_ = std::move(shown);
    }
    const VersionLabel label = engine->current()->label;
    if (engine->parts_.keep_history && label.number != 0) {  // Else the parent owes the record.
        engine->recorder_.go_on_with({.number = label.number, .hash = label.hash});
        engine->look_at_history();
    }
    return engine;
}

}  // namespace quantconf::live
