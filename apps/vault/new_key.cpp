#include "apps/vault/new_key.hpp"

#include "crypto/hmac.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/key_source.hpp"
#include "state/private_file.hpp"

namespace quantconf::app {

namespace fs = std::filesystem;

Outcome<void> name_new_key(secrets::StoreFile& store, const fs::path& key_file,
                           const crypto::SecretBytes& key) {
    QC_TRY(const auto lock, store.lock());
    const fs::path next = secrets::next_key_file(key_file);
    const auto there = secrets::read_key(secrets::KeyFile{next});
    if (!there || !crypto::equal_in_constant_time(there->view(), key.view())) {
        return {};
    }
    std::error_code problem;
    fs::rename(next, key_file, problem);
    if (problem) {
        return std::unexpected{Error{"rename", next.string(), problem, "the store opens with this file now"}};
    }
    return state::sync_folder(key_file.parent_path());
}

}  // namespace quantconf::app
