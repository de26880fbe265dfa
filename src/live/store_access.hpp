#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "crypto/secret_bytes.hpp"
#include "layers/secret_resolver.hpp"
#include "live/chosen_key.hpp"
#include "quantconf/detail/mutex.hpp"
#include "quantconf/error.hpp"
#include "secrets/unlock_key.hpp"

namespace quantconf::live {

/// Where a library finds the store and its key. It is a guest: it never asks at a terminal.
struct StorePlaces {
    std::filesystem::path state_dir;
    std::filesystem::path
        key_file;  ///< As the program has chosen; empty: QUANTCONF_KEY_FILE, a credential, the default.
    std::shared_ptr<const ChosenKey> chosen_key;  ///< In place of any file; may be null.
    std::vector<std::string> variables;           ///< "NAME=value".
};

/// The secrets of a live configuration. Each load opens the store anew, as it is then; what is resolved is
/// recorded in the audit log before it leaves the store. Any thread; loads come one at a time.
class StoreAccess {
public:
    StoreAccess(StorePlaces places, const Clock& clock) : places_{std::move(places)}, clock_{clock} {}

    /// For one load. Nothing is unlocked unless the configuration refers to a secret. Must not outlive this.
    [[nodiscard]] std::unique_ptr<layers::SecretResolver> resolver();
    /// What changes when a secret does.
    [[nodiscard]] std::filesystem::path file() const { return places_.state_dir / "secrets.qcs"; }
    /// Keys the audit log; nothing before a load has unlocked the store.
    [[nodiscard]] std::optional<crypto::SecretBytes> audit_key() const QC_EXCLUDES(mutex_);

private:
    class Visit;

    void keep_key(std::string_view audit_key) QC_EXCLUDES(mutex_);
    /// The chosen key. It can be read once, and each load needs it.
    [[nodiscard]] Outcome<secrets::UnlockKey> chosen_key() QC_EXCLUDES(mutex_);

    StorePlaces places_;
    const Clock& clock_;
    mutable Mutex mutex_;
    std::optional<crypto::SecretBytes> audit_key_ QC_GUARDED_BY(mutex_);
    std::optional<secrets::UnlockKey> chosen_key_ QC_GUARDED_BY(mutex_);
};

}  // namespace quantconf::live
