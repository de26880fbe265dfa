#pragma once

#include <filesystem>

#include "crypto/secret_bytes.hpp"
#include "quantconf/error.hpp"
#include "secrets/store_file.hpp"

namespace quantconf::app {

/// The name of a key that is about to replace the one in `key_file`.
[[nodiscard]] std::filesystem::path next_key(const std::filesystem::path& key_file);

/// Gives the key that opens the store now, and lies at next_key(), the name `key_file`: under the store's
/// lock and only if it is still that key, because another `secret rekey` may be at work with these names.
/// Fine if somebody has done it already, or if the store has got yet another key since.
[[nodiscard]] Outcome<void> name_new_key(secrets::StoreFile& store, const std::filesystem::path& key_file,
                                         const crypto::SecretBytes& key);

}  // namespace quantconf::app
