#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "apps/quantconf/session.hpp"
#include "apps/vault/looking_sink.hpp"
#include "crypto/random.hpp"
#include "secrets/audit_trail.hpp"
#include "secrets/contents.hpp"
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
    /// Unlocks the store that is there. Finishes what a crash has interrupted. Its log has to be there too;
    /// where it cannot be written, it is read, and the trail refuses what must not happen without a record.
    [[nodiscard]] static Outcome<std::unique_ptr<Vault>> open(const Session& session);
    /// For looking at store and log: unlocks an older store as well, and one whose log is cut or gone. Writes
    /// nothing; nothing may be changed or revealed through it.
    [[nodiscard]] static Outcome<std::unique_ptr<Vault>> inspect(const Session& session);
    /// A new store with a new key, or with the chosen one.
    [[nodiscard]] static Outcome<std::unique_ptr<Vault>> create(const Session& session);

    [[nodiscard]] secrets::Store& store() { return *store_; }
    [[nodiscard]] const secrets::Store& store() const { return *store_; }
    [[nodiscard]] secrets::AuditTrail& trail() { return *trail_; }
    /// Only inspect() lives without.
    [[nodiscard]] bool has_log() const noexcept { return database_.has_value(); }
    [[nodiscard]] state::Database& database() { return *database_; }
    /// The highest generation of the store that its log or the mark beside its key remembers.
    [[nodiscard]] Outcome<std::uint64_t> known_generation();
    [[nodiscard]] secrets::StoreFile& file() { return *file_; }
    [[nodiscard]] crypto::Random& random() { return random_; }
    /// The file that opened it; nothing if the key came from elsewhere.
    [[nodiscard]] const std::optional<std::filesystem::path>& key_file() const noexcept { return key_file_; }

private:
    Vault() = default;
    [[nodiscard]] static Outcome<std::unique_ptr<Vault>> open_store(const Session& session, bool only_looks);
    [[nodiscard]] Outcome<void> make_log(const Session& session);
    [[nodiscard]] Outcome<void> open_log(const Session& session);
    [[nodiscard]] Outcome<void> look_for_log(const Session& session);
    [[nodiscard]] Outcome<void> reconcile(const Session& session);
    void use_log(state::Database database);
    [[nodiscard]] secrets::StoreTools tools();
    [[nodiscard]] Outcome<void> leave_failed_log(const Session& session);
    [[nodiscard]] Outcome<bool> make_key(const std::filesystem::path& state_folder);
    [[nodiscard]] Outcome<void> make_store(const secrets::KeySource& source, const secrets::Uuid& uuid);
    [[nodiscard]] Outcome<void> unlock(const Session& session, const secrets::KeySource& source);

    SystemClock clock_;
    crypto::SystemRandom random_;
    std::optional<state::Database> database_;
    std::optional<secrets::AuditTrail> trail_;
    std::optional<LookingSink> looking_;  ///< In place of the trail, for inspect().
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
