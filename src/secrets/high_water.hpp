#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "quantconf/error.hpp"

namespace quantconf::secrets {

/// The highest generation of a store that was ever committed, kept beside the master key as
/// `<uuid>.generation`. Whoever restores an old state folder, store and audit together, does not restore
/// this. docs/formats.md has its two lines.
struct HighWater {
    std::uint64_t generation = 0;
};

/// Nothing if the store was never written with this folder. An unreadable or damaged mark is an error.
[[nodiscard]] Outcome<std::optional<HighWater>> read_high_water(const std::filesystem::path& folder,
                                                                std::string_view uuid);

/// Never goes down: a lower generation than the mark's changes nothing. The first mark is durable when this
/// returns, a raised one is on its way to the disk: until it is there, a power cut may leave the one before.
/// The caller holds the store's lock.
[[nodiscard]] Outcome<void> raise_high_water(const std::filesystem::path& folder, std::string_view uuid,
                                             std::uint64_t generation);

}  // namespace quantconf::secrets
