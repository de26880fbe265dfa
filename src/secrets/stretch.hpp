#pragma once

#include <string_view>

#include "crypto/secret_bytes.hpp"
#include "quantconf/error.hpp"
#include "secrets/unlock_key.hpp"

namespace quantconf::secrets {

/// 32 bytes from a passphrase, by Argon2id with the first 16 bytes of `salt`. Takes as long as `cost` says.
/// Fails where the memory for it cannot be had.
[[nodiscard]] Outcome<crypto::SecretBytes> stretch(std::string_view passphrase, std::string_view salt,
                                                   const KdfCost& cost);

}  // namespace quantconf::secrets
