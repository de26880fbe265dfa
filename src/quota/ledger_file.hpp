#pragma once

#include <filesystem>
#include <memory>

#include "quota/memory.hpp"
#include "quota/timeline.hpp"

namespace quantconf::quota {

/// How long the long windows of a new file stay shut when the one before it was damaged.
inline constexpr std::chrono::hours kUsedUpFor{24};

/// Opens or makes the file of a ledger, and brings it into this boot. One process at a time does that.
[[nodiscard]] Outcome<std::unique_ptr<Memory>> open_ledger_file(const std::filesystem::path& file,
                                                                const Timeline& timeline);

}  // namespace quantconf::quota
