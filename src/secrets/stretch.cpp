#include "secrets/stretch.hpp"

#include "crypto/argon2id.hpp"

namespace quantconf::secrets {

Outcome<crypto::SecretBytes> stretch(std::string_view passphrase, std::string_view salt,
                                     const KdfCost& cost) {
    return crypto::argon2id(passphrase, salt.substr(0, crypto::kArgon2idSaltBytes),
                            {.passes = cost.passes, .memory_kib = cost.memory_kib});
}

}  // namespace quantconf::secrets
