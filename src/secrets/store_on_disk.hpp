#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "quantconf/error.hpp"
#include "secrets/key_source.hpp"
#include "secrets/store_file.hpp"
#include "secrets/unlock_key.hpp"

namespace quantconf::secrets {

/// Where a store lies. Beside the file: the generation before it (".prev"), and "secrets.lock".
struct StorePlace {
    std::filesystem::path file;
    /// Where the highest generation is remembered: the folder of the master key, never that of the store.
    /// Empty for keys that come from no folder; then only the audit log remembers.
    std::filesystem::path mark_folder = {};
    std::chrono::milliseconds lock_timeout{10'000};
};

/// The file protocols of secure_file.hpp, lock_file.hpp and durable_replace.hpp.
[[nodiscard]] std::shared_ptr<StoreFile> store_on_disk(StorePlace place);

/// What a key source gives, as the store takes it. `cost` is for slots that are made with a passphrase.
[[nodiscard]] Outcome<UnlockKey> read_unlock_key(const KeySource& source, KdfCost cost = {});

}  // namespace quantconf::secrets
