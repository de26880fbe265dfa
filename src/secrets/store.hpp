#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "crypto/random.hpp"
#include "crypto/secret_bytes.hpp"
#include "quantconf/environment.hpp"
#include "quantconf/error.hpp"
#include "secrets/audit_sink.hpp"
#include "secrets/limits.hpp"
#include "secrets/store_file.hpp"
#include "secrets/unlock_key.hpp"
#include "secrets/uuid.hpp"

namespace quantconf::secrets {

using TimePoint = std::chrono::system_clock::time_point;

/// What a store needs from outside. All of it outlives the store.
struct StoreTools {
    const Clock& clock;
    crypto::Random& random;
    AuditSink& audit;
    std::string actor = {};  ///< Who is written beside new versions: "alice (1000)".
};

enum class VersionState : std::uint8_t {
    Pending = 1,   ///< Stored by `rotate`, not yet in use.
    Current = 2,   ///< What SECURE:name means.
    Previous = 3,  ///< Still valid for the grace period: SECURE:name@previous.
    Retired = 4,   ///< Its value is gone; the line remembers that it existed.
};

struct VersionInfo {
    std::uint32_t number = 0;
    VersionState state = VersionState::Pending;
    TimePoint created = {};
    TimePoint changed = {};  ///< When it came into its state.
    std::string by = {};
};

/// Everything about a secret but its value.
struct SecretInfo {
    std::string name = {};
    std::optional<std::uint32_t> current = {};   ///< None only if earlier programs rotated a new name.
    std::vector<VersionInfo> versions = {};      ///< Oldest first.
    std::optional<TimePoint> rotated = {};       ///< When the current version became it.
    std::optional<TimePoint> expires = {};       ///< For warnings; an expired secret is still handed out.
    std::vector<Environment> environments = {};  ///< Empty: all.
    std::vector<std::string> hosts = {};         ///< Lower case. Empty: all.
};

/// Whether `version` is a previous value whose time is over: the next change destroys it.
[[nodiscard]] bool is_past_grace(const VersionInfo& version, TimePoint now,
                                 std::chrono::milliseconds grace = limits::kGrace);

struct SecretOptions {
    std::vector<Environment> environments = {};
    std::vector<std::string> hosts = {};
    std::optional<TimePoint> expires = {};
};

/// One of several that are stored together.
struct NewValue {
    std::string_view name;
    std::string_view value;
};

enum class Label : std::uint8_t { Current, Previous, Pending };
/// A label, or the number of a version.
using VersionSelector = std::variant<Label, std::uint32_t>;

/// For whom a value is. What is left out is not checked: only the caller knows.
struct Use {
    std::optional<Environment> environment = {};
    std::string host = {};
};

struct OpenOptions {
    bool accept_rollback = false;  ///< An older generation than the last known one is wanted.
    bool accept_damage = false;    ///< Read what can still be proved to be right; every change is refused.
};

struct SlotInfo {
    std::uint32_t id = 0;
    SlotKind kind = SlotKind::Key;
    std::string label = {};
    bool opened_this = false;  ///< The one whose key unlocked the store.
};

struct StoreState;

/// An opened, verified generation of the secret store.
///
/// Reads answer from that generation, without touching the file. A verb that changes something takes the
/// lock, reads the file again, so that nobody's write is lost, and shows its own result afterwards. One owner
/// at a time; nothing is synchronised.
class Store {
public:
    /// A new store with one slot. Never over one that exists (Problem::Exists) or once existed
    /// (Problem::StoreGone): the file, its predecessor and the audit log are asked.
    /// Without `uuid` it gets a new one.
    [[nodiscard]] static Outcome<Store> create(std::shared_ptr<StoreFile> file, UnlockKey key,
                                               StoreTools tools, const std::optional<Uuid>& uuid = {},
                                               std::string_view slot_label = "master key");
    [[nodiscard]] static Outcome<Store> open(std::shared_ptr<StoreFile> file, UnlockKey key, StoreTools tools,
                                             OpenOptions options = {});

    Store(Store&& other) noexcept;
    Store& operator=(Store&& other) noexcept;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store();

    /// "83af6dc5-cff6-4268-ae96-b477edddd5aa": names the key file and the mark beside it.
    [[nodiscard]] std::string uuid() const;
    [[nodiscard]] std::uint64_t generation() const;
    /// By name.
    [[nodiscard]] std::vector<SecretInfo> list() const;
    [[nodiscard]] Outcome<SecretInfo> info(std::string_view name) const;

    /// The plain text. The caller has the reveal recorded before anybody sees it. Problem::NotFound and
    /// Retired say that there is none; a refusal (NotForEnvironment, NotForHost, Tampered) is recorded here.
    [[nodiscard]] Outcome<crypto::SecretBytes> get(std::string_view name,
                                                   VersionSelector which = Label::Current,
                                                   const Use& use = {}) const;

    /// Stores a value as the new current version; what was current becomes previous. `options` replaces the
    /// bindings of the secret; nothing keeps them. With `expected_generation`, Problem::Conflict if anybody
    /// has written since.
    [[nodiscard]] Outcome<void> set(std::string_view name, std::string_view value,
                                    const std::optional<SecretOptions>& options = {},
                                    std::optional<std::uint64_t> expected_generation = {});
    /// As set(), for all of them or none: one generation, and one audit record with their count. For an
    /// import.
    [[nodiscard]] Outcome<void> set_all(std::span<const NewValue> values);
    /// Stores a value as the pending version of a secret that exists, in place of an earlier pending one. The
    /// result is its number.
    [[nodiscard]] Outcome<std::uint32_t> rotate(std::string_view name, std::string_view value);
    /// The pending version becomes current, the current one previous. Problem::Superseded if the current one
    /// was set after the pending one was stored: the older value must not win by arriving later.
    [[nodiscard]] Outcome<void> promote(std::string_view name);
    /// The pending version is destroyed.
    [[nodiscard]] Outcome<void> abort(std::string_view name);
    /// Destroys the previous versions whose grace period is over. The result is their count; without any,
    /// nothing is written.
    [[nodiscard]] Outcome<std::size_t> retire_expired(std::chrono::milliseconds grace = limits::kGrace);
    /// Destroys the previous version of one secret, whatever its age.
    [[nodiscard]] Outcome<void> retire(std::string_view name);
    [[nodiscard]] Outcome<void> rm(std::string_view name);

    /// The new key takes the place of the one that opened this store: its slot is added, proved by reopening
    /// the file with it, and only then the old slot is removed. A crash leaves one of them or both.
    [[nodiscard]] Outcome<void> rekey(UnlockKey fresh);
    /// A new root key, and every record encrypted anew, in one generation. Each slot needs its key for that:
    /// `others` holds those of the slots besides our own. Problem::NoKeySource names the first slot without.
    [[nodiscard]] Outcome<void> reencrypt(std::span<const UnlockKey> others = {});
    /// The result is the new slot's id. It has been proved by reopening the file with the key.
    [[nodiscard]] Outcome<std::uint32_t> add_slot(UnlockKey key, std::string_view label);
    /// Never the last slot, and never the one that opened this store.
    [[nodiscard]] Outcome<void> remove_slot(std::uint32_t id);
    [[nodiscard]] std::vector<SlotInfo> slots() const;

    /// Decrypts every record of the file as it is now; the names of the secrets that failed.
    [[nodiscard]] Outcome<std::vector<std::string>> verify() const;
    /// Whether the file as it is now is right as a whole. Only one that was opened in spite of its damage may
    /// not be.
    [[nodiscard]] Outcome<bool> is_whole() const;
    /// Where the audit log ended when this generation was written.
    [[nodiscard]] AuditAnchor audit_anchor() const;
    /// Keys the audit log. Ends with this store.
    [[nodiscard]] std::string_view audit_key() const;

private:
    explicit Store(std::unique_ptr<StoreState> state);

    std::unique_ptr<StoreState> state_;
};

}  // namespace quantconf::secrets
