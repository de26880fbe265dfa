#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace quantconf::audit {

// An audit log is read by people who may not know the secrets. So nothing here takes a text that could be
// one: every field is a type with few values or a strict spelling, and what does not have that spelling is
// written down as not having it.

/// What was done. Names are stored, so they never change; add at the end.
enum class Action : std::uint8_t {
    StoreCreate,
    StoreOpen,
    StoreRekey,
    StoreReencrypt,
    StoreAcceptRollback,
    StoreVerify,
    SlotAdd,
    SlotRemove,
    SecretSet,
    SecretReveal,
    SecretResolve,
    SecretRemove,
    SecretRotate,
    SecretPromote,
    SecretAbort,
    SecretRetire,
    SecretImport,
    RunExport,
    KeyCheck,
    ConfigPublish,
    ConfigUpdate,
    ConfigRollback,
    ConfigRefuse,
    AuditSeal,
    AuditVerify,
    AuditExport,
};

/// "secret.set".
[[nodiscard]] std::string_view to_text(Action action);

/// What it was done to. A name outside its grammar is somebody's mistake, perhaps a pasted key: it becomes
/// "(not a name)".
class Target {
public:
    Target() = default;  ///< Nothing in particular.
    [[nodiscard]] static Target secret(std::string_view name);
    [[nodiscard]] static Target store(std::string_view uuid);
    [[nodiscard]] static Target slot(std::string_view id);
    [[nodiscard]] static Target environment(std::string_view name);
    [[nodiscard]] static Target source(std::string_view name);
    [[nodiscard]] static Target config(std::string_view path);  ///< "trading.max_position_size".
    [[nodiscard]] static Target audit();

    /// "secret:polygon_key".
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    explicit Target(std::string text) : text_{std::move(text)} {}
    std::string text_;
};

/// Says whether two values are the same without saying what they are: a keyed, truncated hash.
struct ValueTag {
    std::array<char, 8> bytes{};

    friend bool operator==(const ValueTag&, const ValueTag&) = default;
};

/// The tag of a value under the audit key. Without the key nobody can try values out.
[[nodiscard]] ValueTag tag_of(std::string_view audit_key, std::string_view value);

/// What the target was before or after.
class Version {
public:
    Version() = default;  ///< Nothing.
    [[nodiscard]] static Version number(std::uint64_t number);
    [[nodiscard]] static Version tag(const ValueTag& tag);
    /// The hash of a configuration, 64 hexadecimal digits; anything else becomes "(not a hash)".
    [[nodiscard]] static Version hash(std::string_view hex);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    explicit Version(std::string text) : text_{std::move(text)} {}
    std::string text_;
};

/// What else is worth knowing: "cause=secrets:22 count=3".
class Detail {
public:
    /// Category and number; never a message, which might quote something.
    Detail& cause(std::error_code code);
    Detail& count(std::uint64_t count);
    Detail& generation(std::uint64_t generation);
    /// The hash of a configuration; anything else becomes "(not a hash)".
    Detail& hash(std::string_view hex);
    Detail& tag(const ValueTag& tag);
    Detail& environment(std::string_view name);
    /// The name of a host that a secret is bound to or was asked for.
    Detail& host(std::string_view name);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    Detail& add(std::string_view key, std::string_view value);
    std::string text_;
};

/// What a caller wants recorded. Who, when and where from are added by the log.
struct Entry {
    Action action = Action::SecretSet;
    Target target = {};
    Version from = {};
    Version to = {};
    Detail detail = {};
};

}  // namespace quantconf::audit
