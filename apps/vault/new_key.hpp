#pragma once

#include <filesystem>

#include "crypto/secret_bytes.hpp"
#include "quantconf/error.hpp"
#include "secrets/store_file.hpp"

namespace quantconf::app {

/// Gives the key that opens the store now, and lies at secrets::next_key_file(), the name `key_file`: under
/// the store's lock and only if it is still that key, because another `secret rekey` may be at work with
/// these names. Fine if somebody has done it already, or if the store has got yet another key since.
[[nodiscard]] Outcome<void> name_new_key(secrets::StoreFile& store, const std::filesystem::path& key_file,
                                         const crypto::SecretBytes& key);

}  // namespace quantconf::app
