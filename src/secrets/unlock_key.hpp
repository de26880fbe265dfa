#pragma once

#include <cstdint>

#include "crypto/secret_bytes.hpp"

namespace quantconf::secrets {

enum class SlotKind : std::uint8_t {
    Key = 1,         ///< 32 random bytes, from a file, a descriptor or a credential.
    Passphrase = 2,  ///< Anything a person can remember; stretched with Argon2id.
};

/// Cost of stretching a passphrase. `passes` over `memory_kib` KiB, one lane.
struct KdfCost {
    std::uint32_t passes = 3;
    std::uint32_t memory_kib = 64 * 1024;

    friend bool operator==(const KdfCost&, const KdfCost&) = default;
};

/// What unlocks a store.
struct UnlockKey {
    SlotKind kind = SlotKind::Key;
    crypto::SecretBytes bytes = {};
    KdfCost cost = {};  ///< For a slot that is made with this key; an existing one has its own.
};

}  // namespace quantconf::secrets
