#pragma once

#include "quota/memory.hpp"
#include "quota/timeline.hpp"

/// What a power cut leaves: never less than was granted.
namespace quantconf::quota {

/// Writes all times to disk, then the promise that `block` more requests may be granted, or `count` if that
/// is more. `patience`: for somebody else who is at it. Nothing to do if `count` are promised already. Takes
/// both locks by itself; holds only the one of syncing while the disk works.
[[nodiscard]] Outcome<void> reserve(Memory& memory, const Timeline& timeline, std::int64_t count,
                                    std::int64_t block, Duration patience);

/// Fills a record that is all zeros. `used_up_for`: how long its long windows stay shut.
[[nodiscard]] Outcome<void> initialise(Memory& memory, const Timeline& timeline, Duration used_up_for);

/// Makes a record usable in this boot: after another one its locks are made anew, time goes on, and
/// everything that may have been granted since the last sync counts as made now. False: it is damaged. Nobody
/// else opens it meanwhile.
[[nodiscard]] Outcome<bool> recover(Memory& memory, const Timeline& timeline);

}  // namespace quantconf::quota
