#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "quota/limits.hpp"
#include "quota/timeline.hpp"

namespace quantconf::quota {

/// How many requests of a ledger's file count in this window now, for programs that only look: nothing is
/// made, changed, locked or waited for, and no time zones are needed.
///
/// Nothing where nobody can say: there is no such file or it may not be read, it is damaged or of a later
/// version, what was counted before it is lost, or the calendar period of the last request may have ended.
[[nodiscard]] std::optional<std::int64_t> used_in_file(const std::filesystem::path& file,
                                                       const Window& window,
                                                       const Timeline& timeline = system_timeline());

}  // namespace quantconf::quota
