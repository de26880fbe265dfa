#include <utility>

#include "history/file_change.hpp"
#include "history/problem.hpp"
#include "live/engine.hpp"

namespace quantconf::live {
namespace {

Outcome<void> check_as_seen(const Fingerprints& seen) {
    for (const auto& [path, found] : seen) {
        const auto now = fingerprint_of(path);
        if (!now || *now != found) {
            return std::unexpected{
                Error{.operation = "change the configuration with",
                      .subject = path.string(),
                      .cause = make_error_code(history::Problem::Conflict),
                      .hint = "nothing was changed; somebody else changes files, so try again"}};
        }
    }
    return {};
}

}  // namespace

Engine::Place Engine::place_of(history::FileChange change, Fingerprints seen) const {
    return [this, change = std::move(change),
            seen = std::move(seen)](const std::function<Outcome<void>()>& record) {
        return history::apply(change, parts_.state_dir, record,
                              {.still_holds = [&seen] { return check_as_seen(seen); }});
    };
}

}  // namespace quantconf::live
