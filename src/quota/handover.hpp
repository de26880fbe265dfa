#pragma once

#include <cstdint>

#include "quota/memory.hpp"
#include "quota/timeline.hpp"

namespace quantconf::quota {

/// Of a record that is made; never 0.
[[nodiscard]] std::int64_t new_identity() noexcept;

/// What was counted in `from`, whose file was deleted, goes on in `to`, which took its place. Takes the locks
/// of both. `from` grants nothing any more, so that nothing can be counted there afterwards.
///
/// Several processes may do this at once, each with its own maps: it happens once. Whoever is killed in the
/// middle leaves too many requests counted, never too few. Both are in the same boot. Times stay what they
/// were; where both have been counting at the same time, those of `to` become as late as the last of `from`.
[[nodiscard]] Outcome<void> pass_on(Memory& from, Memory& to, const Timeline& timeline);

}  // namespace quantconf::quota
