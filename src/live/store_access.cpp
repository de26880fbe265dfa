#include "live/store_access.hpp"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "audit/actor.hpp"
#include "crypto/random.hpp"
#include "live/places.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/audit_trail.hpp"
#include "secrets/key_source.hpp"
#include "secrets/problem.hpp"
#include "secrets/recognise.hpp"
#include "secrets/store.hpp"
#include "secrets/store_on_disk.hpp"
#include "secrets/store_resolver.hpp"
#include "state/database.hpp"

namespace quantconf::live {
namespace {

namespace fs = std::filesystem;

Outcome<secrets::KeySource> key_for(const StorePlaces& places, const std::string& uuid) {
    if (places.chosen_key != nullptr) {
        return places.chosen_key->source;
    }
    if (!places.key_file.empty()) {
        return secrets::KeyFile{real_path(places.key_file), "OpenOptions::key_file names it"};
    }
    if (auto named = key_named_by(places.variables)) {
        return *std::move(named);
    }
    if (const auto folder = default_key_folder(places.variables)) {
        return secrets::KeyFile{*folder / fmt::format("{}.key", uuid),
                                "that is where the store's key lies by default"};
    }
    return std::unexpected{
        Error{.operation = "unlock",
              .subject = (places.state_dir / "secrets.qcs").string(),
              .cause = secrets::Problem::NoKeySource,
              .hint = "there is no HOME to look in; name the key with OpenOptions::key_file or "
                      "QUANTCONF_KEY_FILE"}};
}

}  // namespace

/// One look at the store: opened when the first secret is asked for.
class StoreAccess::Visit final : public layers::SecretResolver {
public:
    explicit Visit(StoreAccess& access)
        : access_{access}, inner_{[this]() -> Outcome<secrets::Unlocked> { return unlock(); }} {}

    [[nodiscard]] std::vector<layers::SecretAnswer> resolve(std::span<const layers::SecretWanted> wanted,
                                                            Environment environment) override {
        return inner_.resolve(wanted, environment);
    }

private:
    Outcome<secrets::Unlocked> unlock() {
        const StorePlaces& places = access_.places_;
        const fs::path path = access_.file();
        QC_TRY(const std::string uuid, secrets::read_uuid(*secrets::store_on_disk({.file = path})));
        QC_TRY(const secrets::KeySource source, key_for(places, uuid));
        const auto* key_file = std::get_if<secrets::KeyFile>(&source);
        const auto marks = key_file != nullptr ? std::optional{key_file->path.parent_path()}
                                               : default_key_folder(places.variables);
        file_ = secrets::store_on_disk({.file = path, .mark_folder = marks.value_or(fs::path{})});
        QC_TRY(state::Database database,
               state::Database::open(places.state_dir / "state.db", {.access = state::Access::WriteOrRead}));
        QC_TRY(const bool is_its_log, secrets::has_keyed_record(database));
        if (!is_its_log) {
            return std::unexpected{
                Error{.operation = "open",
                      .subject = (places.state_dir / "state.db").string(),
                      .cause = secrets::Problem::AuditCut,
                      .hint = "put the state.db back that belongs to this store, or go on without it "
                              "with `quantconf secret list --accept-rollback`"}};
        }
        database_.emplace(std::move(database));
        trail_.emplace(*database_, access_.clock_);
        auto opened = open_store(source);
        if (!opened && opened.error().cause == secrets::Problem::WrongKey && key_file != nullptr) {
            // `secret rekey` is about to give this key its name.
            if (auto next = open_store(secrets::KeyFile{secrets::next_key_file(key_file->path)})) {
                opened = std::move(next);
            }
        }
        if (!opened) {
            return std::unexpected{std::move(opened).error()};
        }
        store_.emplace(*std::move(opened));
        access_.keep_key(store_->audit_key());
        return secrets::Unlocked{.store = *store_, .trail = *trail_};
    }

    Outcome<secrets::Store> open_store(const secrets::KeySource& source) {
        const bool is_read_once = std::holds_alternative<secrets::KeyDescriptor>(source) ||
                                  std::holds_alternative<secrets::Passphrase>(source);
        QC_TRY(secrets::UnlockKey key,
               is_read_once ? access_.chosen_key() : secrets::read_unlock_key(source));
        return secrets::Store::open(file_, std::move(key),
                                    {.clock = access_.clock_,
                                     .random = random_,
                                     .audit = *trail_,
                                     .actor = audit::shown(audit::this_process())});
    }

    StoreAccess& access_;
    crypto::SystemRandom random_;
    std::shared_ptr<secrets::StoreFile> file_;
    std::optional<state::Database> database_;
    std::optional<secrets::AuditTrail> trail_;
    std::optional<secrets::Store> store_;
    secrets::StoreResolver inner_;
};

std::unique_ptr<layers::SecretResolver> StoreAccess::resolver() {
    return std::make_unique<Visit>(*this);
}

void StoreAccess::keep_key(std::string_view audit_key) {
    const MutexLock lock{mutex_};
    audit_key_ = crypto::SecretBytes::copy_of(audit_key, crypto::OnFork::Wipe);
}

Outcome<secrets::UnlockKey> StoreAccess::chosen_key() {
    const MutexLock lock{mutex_};
    if (!chosen_key_) {
        QC_TRY(chosen_key_, secrets::read_unlock_key(places_.chosen_key->source));
    }
    return secrets::UnlockKey{
        .kind = chosen_key_->kind,
        .bytes = crypto::SecretBytes::copy_of(chosen_key_->bytes.view(), crypto::OnFork::Wipe),
        .cost = chosen_key_->cost};
}

std::optional<crypto::SecretBytes> StoreAccess::audit_key() const {
    const MutexLock lock{mutex_};
    return audit_key_ ? std::optional{crypto::SecretBytes::copy_of(audit_key_->view(), crypto::OnFork::Wipe)}
                      : std::nullopt;
}

}  // namespace quantconf::live
