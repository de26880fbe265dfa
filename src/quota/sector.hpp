#pragma once

#include <optional>
#include <string_view>

#include "quota/record.hpp"

namespace quantconf::quota {

inline constexpr std::uint32_t kLayoutVersion = 1;

/// Its magic, checksum and values are right.
[[nodiscard]] bool is_valid(const Sector& sector) noexcept;
/// Both sectors are of a later layout: nobody's damage.
[[nodiscard]] bool is_from_later(const Record& record) noexcept;
/// The newer of the valid ones.
[[nodiscard]] std::optional<Sector> newest_sector(const Record& record) noexcept;
/// The one that may be overwritten: not the newest valid one.
[[nodiscard]] Sector& spare_sector(Record& record) noexcept;
/// Completes it: magic, version, checksum.
[[nodiscard]] Sector sealed(Sector sector) noexcept;

[[nodiscard]] std::string_view boot_of(const Sector& sector) noexcept;
void set_boot(Sector& sector, std::string_view boot) noexcept;

/// Could these values have been written by us? `now` is ledger time.
[[nodiscard]] bool is_possible(const Live& live, const Sector& sector, std::int64_t now) noexcept;

}  // namespace quantconf::quota
