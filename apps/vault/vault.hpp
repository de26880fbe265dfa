#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "apps/quantconf/session.hpp"
#include "crypto/random.hpp"
#include "secrets/audit_trail.hpp"
#include "secrets/key_source.hpp"
#include "secrets/store.hpp"
#include "secrets/store_on_disk.hpp"
#include "secrets/store_resolver.hpp"
#include "state/database.hpp"

namespace quantconf::app {

/// The unlocked store of a configuration folder, with its audit log: what every command works with that may
/// see plain text.
class Vault {
public:
    /// Unlocks the store that is there. Finishes what a crash has interrupted.
    [[nodiscard]] static Outcome<std::unique_ptr<Vault>> open(const Session& session);
    /// A new store with a new key, or with the chosen one.
    [[nodiscard]] static Outcome<std::unique_ptr<Vault>> create(const Session& session);

    [[nodiscard]] secrets::Store& store() { return *store_; }
    [[nodiscard]] const secrets::Store& store() const { return *store_; }
    [[nodiscard]] secrets::AuditTrail& trail() { return *trail_; }
    [[nodiscard]] state::Database& database() { return *database_; }
    [[nodiscard]] crypto::Random& random() { return random_; }
    /// The file that opened it; nothing if the key came from elsewhere.
    [[nodiscard]] const std::optional<std::filesystem::path>& key_file() const noexcept { return key_file_; }

private:
    Vault() = default;
    [[nodiscard]] Outcome<void> open_log(const Session& session);
    [[nodiscard]] secrets::StoreTools tools();
    [[nodiscard]] Outcome<void> unlock(const Session& session, const secrets::KeySource& source);

    SystemClock clock_;
    crypto::SystemRandom random_;
    std::optional<state::Database> database_;
    std::optional<secrets::AuditTrail> trail_;
    std::shared_ptr<secrets::StoreFile> file_;
    std::optional<secrets::Store> store_;
    std::optional<std::filesystem::path> key_file_;
};

/// Opens the vault when it is needed for the first time.
class LazyVault {
public:
    explicit LazyVault(const Session& session) : session_{session} {}
    [[nodiscard]] Outcome<secrets::Unlocked> operator()();

private:
    const Session& session_;
    std::unique_ptr<Vault> vault_;
};

}  // namespace quantconf::app
