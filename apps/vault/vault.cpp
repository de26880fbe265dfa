#include "apps/vault/vault.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "apps/vault/new_key.hpp"
#include "apps/vault/places.hpp"
#include "apps/vault/protect.hpp"
#include "audit/actor.hpp"
#include "audit/problem.hpp"
#include "base/utf8.hpp"
#include "quantconf/detail/try.hpp"
#include "secrets/problem.hpp"
#include "secrets/recognise.hpp"
#include "secrets/store_errors.hpp"
#include "state/private_file.hpp"
#include "state/problem.hpp"

namespace quantconf::app {
namespace {

namespace fs = std::filesystem;

/// Neither a store nor the generation before one.
Outcome<void> check_no_store(secrets::StoreFile& file) {
    QC_TRY(const auto bytes, file.read());
    QC_TRY(const bool has_previous, file.has_previous());
    if (bytes || has_previous) {
        return std::unexpected{secrets::store_error(
            file, "create", bytes ? secrets::Problem::Exists : secrets::Problem::StoreGone)};
    }
    return {};
}

std::optional<fs::path> file_of(const secrets::KeySource& source) {
    const auto* file = std::get_if<secrets::KeyFile>(&source);
    return file == nullptr ? std::nullopt : std::optional{file->path};
}

/// The high-water mark lies beside the key file; for other keys in our own folder, if there is one.
fs::path mark_folder(const Session& session, const secrets::KeySource& source) {
    if (const auto file = file_of(source)) {
        return file->parent_path();
    }
    const auto folder = key_folder(session);
    return folder && make_state_dir(*folder) ? *folder : fs::path{};
}

fs::path log_file(const Session& session) {
    return session.state_dir() / "state.db";
}

std::unexpected<Error> log_is_lost(const Session& session, std::error_code how) {
    return std::unexpected{
        Error{"open", log_file(session).string(), how,
              "the record of who did what with the secrets is gone; put the state.db back that belongs to "
              "this store; to go on without it, `quantconf secret list --accept-rollback` begins a new one, "
              "which says so"}};
}

}  // namespace

void Vault::use_log(state::Database database) {
    database_.emplace(std::move(database));
    trail_.emplace(*database_, clock_);
}

Outcome<void> Vault::make_log(const Session& session) {
    QC_TRY(state::Database database, state::Database::open(log_file(session)));
    use_log(std::move(database));
    return {};
}

Outcome<void> Vault::open_log(const Session& session) {
    const bool accepts_loss = session.arguments().accept_rollback;
    auto database = state::Database::open(log_file(session), {.access = state::Access::WriteOrRead});
    if (!database && database.error().cause == state::Problem::Missing) {
        if (!accepts_loss) {
            return log_is_lost(session, state::Problem::Missing);
        }
        return make_log(session);  // The store's opening is the first record in it, and says what was lost.
    }
    if (!database) {
        return std::unexpected{std::move(database).error()};
    }
    // Without any, somebody has put an empty log there, or a crash came before the first record of one that
    // was made anew.
    QC_TRY(const bool has_keyed, secrets::has_keyed_record(*database));
    if (!has_keyed && !accepts_loss) {
        return log_is_lost(session, secrets::Problem::AuditCut);
    }
    use_log(*std::move(database));
    return {};
}

Outcome<void> Vault::look_for_log(const Session& session) {
    auto database = state::Database::open(log_file(session), {.access = state::Access::Read});
    if (!database && database.error().cause != state::Problem::Missing) {
        return std::unexpected{std::move(database).error()};
    }
    if (database) {
        use_log(*std::move(database));
    }
    looking_.emplace(trail_ ? &*trail_ : nullptr);
    return {};
}

Outcome<void> Vault::reconcile(const Session& session) {
    if (session.arguments().accept_damage) {
        return {};  // What the damaged file says about its generation is good for reading alone.
    }
    auto done = trail_->reconcile(*file_, store_->audit_anchor());
    if (!done && done.error().cause == audit::Problem::ChainBroken) {
        return {};  // Nothing is recorded behind it, so nothing is changed or revealed; the rest goes on.
    }
    return done;
}

Outcome<std::uint64_t> Vault::known_generation() {
    QC_TRY(const auto marked, file_->high_water(store_->uuid()));
    std::optional<std::uint64_t> recorded;
    if (trail_) {
        QC_TRY(recorded, trail_->last_generation());
    }
    return std::max(marked.value_or(0), recorded.value_or(0));
}

secrets::StoreTools Vault::tools() {
    return {.clock = clock_,
            .random = random_,
            .audit = looking_ ? static_cast<secrets::AuditSink&>(*looking_) : *trail_,
            .actor = audit::shown(audit::this_process())};
}

Outcome<void> Vault::unlock(const Session& session, const secrets::KeySource& source) {
    QC_TRY(secrets::UnlockKey key, secrets::read_unlock_key(source));
    QC_TRY(secrets::Store store,
           secrets::Store::open(file_, std::move(key), tools(),
                                {.accept_rollback = looking_ || session.arguments().accept_rollback,
                                 .accept_damage = session.arguments().accept_damage}));
    store_.emplace(std::move(store));
    key_file_ = file_of(source);
    return {};
}

Outcome<std::unique_ptr<Vault>> Vault::open(const Session& session) {
    QC_TRY(auto vault, open_store(session, false));
    if (auto reconciled = vault->reconcile(session); !reconciled) {
        return std::unexpected{reconciled.error()};
    }
    return vault;
}

Outcome<std::unique_ptr<Vault>> Vault::inspect(const Session& session) {
    return open_store(session, true);
}

Outcome<std::unique_ptr<Vault>> Vault::open_store(const Session& session, bool only_looks) {
    protect_plain_text();
    auto vault = std::unique_ptr<Vault>{new Vault};
    const fs::path path = session.store_file();
    QC_TRY(const std::string uuid, secrets::read_uuid(*secrets::store_on_disk({.file = path})));
    QC_TRY(secrets::KeySource source, key_for(session, uuid));
    vault->file_ = secrets::store_on_disk({.file = path, .mark_folder = mark_folder(session, source)});
    if (auto done = only_looks ? vault->look_for_log(session) : vault->open_log(session); !done) {
        return std::unexpected{done.error()};
    }
    auto done = vault->unlock(session, source);
    const auto key_file = file_of(source);
    if (!done && done.error().cause == secrets::Problem::WrongKey && key_file) {
        // `secret rekey` was interrupted after the store took the new key and before its file got its name.
        const fs::path next = secrets::next_key_file(*key_file);
        std::error_code ignored;
        const auto key = fs::exists(next, ignored) ? secrets::read_key(secrets::KeyFile{next})
                                                   : Outcome<crypto::SecretBytes>{std::unexpected{Error{}}};
        if (key && vault->unlock(session, secrets::KeyFile{next})) {
            const bool is_named = !only_looks && name_new_key(*vault->file_, *key_file, *key);
            vault->key_file_ = is_named ? *key_file : next;
            done = {};
        }
    }
    if (!done) {
        return std::unexpected{done.error()};
    }
    return vault;
}

Outcome<std::unique_ptr<Vault>> Vault::create(const Session& session) {
    protect_plain_text();
    auto vault = std::unique_ptr<Vault>{new Vault};
    const fs::path folder = session.state_dir();
    // First of all: nothing is made, no key either, where there is or was a store.
    if (std::error_code ignored; fs::exists(folder, ignored)) {
        if (auto is_free = check_no_store(*secrets::store_on_disk({.file = session.store_file()}));
            !is_free) {
            return std::unexpected{is_free.error()};
        }
    }
    QC_TRY(const secrets::Uuid uuid, secrets::new_uuid(vault->random_));
    auto source = chosen_key(session);
    if (!source) {
        const auto keys = key_folder(session);
        if (!keys) {
            return std::unexpected{
                Error{"create", session.store_file().string(), secrets::Problem::NoKeySource,
                      "there is no HOME for the key; name its place with --key-file or QUANTCONF_KEY_FILE"}};
        }
        if (auto made = make_state_dir(*keys); !made) {
            return std::unexpected{made.error()};
        }
        source = secrets::KeyFile{*keys / fmt::format("{}.key", secrets::text_of(uuid))};
    }
    if (auto made = make_state_dir(folder); !made) {
        return std::unexpected{made.error()};
    }
    vault->file_ =
        secrets::store_on_disk({.file = session.store_file(), .mark_folder = mark_folder(session, *source)});
    if (auto done = vault->make_log(session); !done) {
        return std::unexpected{done.error()};
    }
    if (auto done = vault->leave_failed_log(session); !done) {
        return std::unexpected{done.error()};
    }
    vault->key_file_ = file_of(*source);
    QC_TRY(const bool is_new_key, vault->make_key(folder));
    auto made = vault->make_store(*source, uuid);
    if (!made && is_new_key && check_no_store(*vault->file_)) {
        std::error_code ignored;  // It opens nothing.
        fs::remove(*vault->key_file_, ignored);
    }
    if (!made) {
        return std::unexpected{made.error()};
    }
    return vault;
}

/// A log with the key of a store that never came to be: nobody can write behind it. It is put aside.
Outcome<void> Vault::leave_failed_log(const Session& session) {
    QC_TRY(const bool has_keyed, secrets::has_keyed_record(*database_));
    QC_TRY(const auto last, trail_->last_generation());
    if (!has_keyed || last) {
        return {};
    }
    trail_.reset();
    database_.reset();
    QC_TRY(const fs::path aside, state::quarantine(log_file(session), clock_));
    session.err().print(fmt::format("note: an earlier attempt was interrupted; its log is {} now\n",
                                    escaped(aside.string())));
    return make_log(session);
}

/// Whether there was no key file, and one has been made.
Outcome<bool> Vault::make_key(const fs::path& state_folder) {
    if (!key_file_) {
        return false;
    }
    QC_TRY(const auto place, secrets::check_key_place(*key_file_, state_folder));
    static_cast<void>(place);
    if (std::error_code ignored; fs::exists(*key_file_, ignored)) {
        return false;
    }
    if (auto made = secrets::create_key_file(*key_file_, random_); !made) {
        return std::unexpected{made.error()};
    }
    return true;
}

Outcome<void> Vault::make_store(const secrets::KeySource& source, const secrets::Uuid& uuid) {
    QC_TRY(auto key, secrets::read_unlock_key(source));
    QC_TRY(auto store, secrets::Store::create(file_, std::move(key), tools(), uuid));
    store_.emplace(std::move(store));
    return {};
}

Outcome<secrets::Unlocked> LazyVault::operator()() {
    QC_TRY(vault_, Vault::open(session_));
    return secrets::Unlocked{.store = vault_->store(), .trail = vault_->trail()};
}

}  // namespace quantconf::app
