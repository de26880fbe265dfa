#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit of the secret store, in one place. Each is tested on both sides and named in its message.
namespace quantconf::secrets::limits {

inline constexpr std::size_t kFileBytes = std::size_t{16} * 1024 * 1024;  ///< Of secrets.qcs.
inline constexpr std::size_t kValueBytes = std::size_t{1024} * 1024;      ///< One value.
inline constexpr std::size_t kNameBytes = 128;      ///< The grammar is schema::valid_secret_name.
inline constexpr std::size_t kSecrets = 4'000;      ///< Bots have dozens; keeps every look-up cheap.
inline constexpr std::size_t kVersions = 10;        ///< Remembered of one secret, retired ones included.
inline constexpr std::size_t kSlots = 8;            ///< Ways to unlock one store.
inline constexpr std::size_t kSlotLabelBytes = 64;  ///< Visible ASCII.
inline constexpr std::size_t kHosts = 16;           ///< That one secret may be bound to.
inline constexpr std::size_t kHostBytes = 253;      ///< As DNS has it.
inline constexpr std::size_t kActorBytes = 128;     ///< Who made a version; longer names are cut.

/// Failures of the disk in a row, after which a process only reads.
inline constexpr int kFailedWrites = 2;

/// Argon2id, as read from a file that somebody may have changed: refused before anything is allocated.
inline constexpr std::uint32_t kKdfMemoryKibMax = 1024 * 1024;  ///< 1 GiB.
inline constexpr std::uint32_t kKdfMemoryKibMin = 8;            ///< What Argon2 itself needs.
inline constexpr std::uint32_t kKdfPassesMax = 16;
inline constexpr std::uint32_t kKdfPassesMin = 1;

/// How long the previous value of a rotated secret stays valid, unless the caller says otherwise.
inline constexpr std::chrono::minutes kGrace{15};

}  // namespace quantconf::secrets::limits
