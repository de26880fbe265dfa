#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "crypto/secret_bytes.hpp"

namespace quantconf::crypto {

inline constexpr std::size_t kArgon2idSaltBytes = 16;
inline constexpr std::size_t kArgon2idKeyBytes = 32;

/// What a guess at a passphrase costs, us and a thief. One lane.
struct Argon2idCost {
    std::uint32_t passes = 3;
    std::uint32_t memory_kib = 64 * 1024;
};

/// The least that Argon2 can do, and the most that somebody who can write the file may make us do.
inline constexpr Argon2idCost kArgon2idCostMin{.passes = 1, .memory_kib = 8};
inline constexpr Argon2idCost kArgon2idCostMax{.passes = 16, .memory_kib = 1024 * 1024};

/// Whether both figures lie between those.
[[nodiscard]] constexpr bool is_allowed(const Argon2idCost& cost) noexcept {
    return cost.passes >= kArgon2idCostMin.passes && cost.passes <= kArgon2idCostMax.passes &&
           cost.memory_kib >= kArgon2idCostMin.memory_kib && cost.memory_kib <= kArgon2idCostMax.memory_kib;
}

/// A key of kArgon2idKeyBytes, wiped in a forked child, from a passphrase: Argon2id version 1.3 (RFC 9106).
/// `salt` has kArgon2idSaltBytes. Any thread; takes as long as the cost says.
///
/// A cost that is not allowed is refused (std::errc::result_out_of_range) before any memory is asked for; so
/// is one whose memory cannot be had (std::errc::not_enough_memory).
[[nodiscard]] Outcome<SecretBytes> argon2id(std::string_view passphrase, std::string_view salt,
                                            const Argon2idCost& cost);

}  // namespace quantconf::crypto
