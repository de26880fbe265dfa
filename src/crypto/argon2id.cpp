#include "crypto/argon2id.hpp"

#include <sodium.h>

#include "base/assert.hpp"

namespace quantconf::crypto {
namespace {

static_assert(kArgon2idSaltBytes == crypto_pwhash_argon2id_SALTBYTES);
static_assert(kArgon2idCostMin.passes == crypto_pwhash_argon2id_OPSLIMIT_MIN);
static_assert(std::size_t{kArgon2idCostMin.memory_kib} * 1024 == crypto_pwhash_argon2id_MEMLIMIT_MIN);

Error failure(std::errc cause, std::string hint) {
    return {.operation = "derive",
            .subject = "a key from the passphrase",
            .cause = std::make_error_code(cause),
            .hint = std::move(hint)};
}

/// Chooses the fastest code for this processor; once, and only by those who have a passphrase.
bool is_ready() {
    static const bool kReady = sodium_init() >= 0;
    return kReady;
}

}  // namespace

Outcome<SecretBytes> argon2id(std::string_view passphrase, std::string_view salt, const Argon2idCost& cost) {
    QC_ASSERT(salt.size() == kArgon2idSaltBytes);
    if (!is_allowed(cost)) {
        return std::unexpected{failure(std::errc::result_out_of_range,
                                       "at most 16 passes over 1 GiB are put up with; the file may "
                                       "have been tampered with")};
    }
    if (!is_ready()) {
        return std::unexpected{failure(std::errc::resource_unavailable_try_again, "libsodium cannot start")};
    }
    SecretBytes key{kArgon2idKeyBytes, OnFork::Wipe};
    const std::size_t memory = std::size_t{cost.memory_kib} * 1024;
    if (crypto_pwhash_argon2id(reinterpret_cast<unsigned char*>(key.bytes().data()), key.size(),
                               passphrase.data(), passphrase.size(),
                               reinterpret_cast<const unsigned char*>(salt.data()), cost.passes, memory,
                               crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
        return std::unexpected{
            failure(std::errc::not_enough_memory,
                    "it takes " + std::to_string(cost.memory_kib / 1024) + " MiB of memory")};
    }
    return key;
}

}  // namespace quantconf::crypto
