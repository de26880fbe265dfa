#include <algorithm>
#include <span>

#include "history/forget.hpp"
#include "history/history.hpp"
#include "history/limits.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::history {

Outcome<std::size_t> History::prune(const Retention& retention) {
    // What may be forgotten is found without a lock, and forgotten in small parts: nobody who publishes waits
    // for the rest.
    QC_TRY(const Forgettable found, find_forgettable(database_, retention, clock_.now()));
    std::size_t forgotten = 0;
    for (std::span rest{found.versions}; !rest.empty();) {
        const auto part = rest.first(std::min(rest.size(), limits::kForgottenAtOnce));
        QC_TRY(const std::size_t count, forget_versions(database_, part, found.known));
        forgotten += count;
        rest = count == 0 ? rest.first(0) : rest.subspan(part.size());
    }
    if (Outcome<void> done = forget_publications(database_, retention.publications); !done) {
        return std::unexpected{std::move(done).error()};
    }
    return forgotten;
}

}  // namespace quantconf::history
