#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "crypto/random.hpp"
#include "secrets/contents.hpp"
#include "secrets/keys.hpp"

namespace quantconf::secrets {

/// A slot for a key of this kind, still without the root key.
[[nodiscard]] Slot slot_for(std::uint32_t id, std::string_view label, const UnlockKey& key);

/// Fills the slot, for the first time or for a new root key, so that `key` opens the root key of `keys`.
[[nodiscard]] Outcome<Slot> wrap_root(const KeyRing& keys, const Header& header, Slot slot,
                                      const UnlockKey& key, crypto::Random& random);

/// A slot that a key opens, and the root key in it.
struct Unlocked {
    std::uint32_t slot_id = 0;
    crypto::SecretBytes root;
};

/// Tries the slots of the key's kind. Nothing if it opens none, which is all that is ever said.
[[nodiscard]] Outcome<std::optional<Unlocked>> unlock(const Header& header, const std::vector<Slot>& slots,
                                                      const UnlockKey& key);

}  // namespace quantconf::secrets
