#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "quantconf/error.hpp"

namespace quantconf::secrets {

/// One thing that is about to happen to a store, or was refused. Never a value, not even its length.
struct AuditEvent {
    std::string action = {};                 ///< "secret.set", "secret.rekey", "store.open", ...
    std::string target = {};                 ///< The secret's name, or the slot's number; may be empty.
    std::optional<std::uint32_t> from = {};  ///< The version that was current.
    std::optional<std::uint32_t> to = {};    ///< The version that is.
    std::uint64_t generation = 0;            ///< Of the store, once this is done.
    std::uint64_t count = 0;                 ///< How many secrets, where one record is about several.
    std::error_code cause = {};              ///< Of a refusal: the reason. Of an acceptance: of what.
};

/// What became of an intent.
enum class AuditResult : std::uint8_t {
    Done,
    Failed,   ///< Nothing was changed.
    Unknown,  ///< The file is in place, but the disk did not confirm that it stays (DurabilityUnknown).
};

/// Where an audit log ends: kept in the store's file, so that a log cut short is noticed.
struct AuditAnchor {
    std::uint64_t sequence = 0;
    std::array<char, 32> mac = {};

    friend bool operator==(const AuditAnchor&, const AuditAnchor&) = default;
};

/// The audit log as the store sees it. Intent before effect, end after it; each call returns when its record
/// is durable, and an Error refuses the operation.
class AuditSink {
public:
    AuditSink() = default;
    AuditSink(const AuditSink&) = delete;
    AuditSink& operator=(const AuditSink&) = delete;
    virtual ~AuditSink() = default;

    /// A store was unlocked: records from here on can be keyed. The key ends with the store; keep no view of
    /// it for longer.
    virtual void use_key(std::string_view audit_key) = 0;
    /// Something is about to change. The number names it in `finish`.
    [[nodiscard]] virtual Outcome<std::uint64_t> intend(const AuditEvent& event) = 0;
    [[nodiscard]] virtual Outcome<void> finish(std::uint64_t intent, AuditResult result,
                                               std::error_code cause) = 0;
    /// An access that was refused.
    [[nodiscard]] virtual Outcome<void> refused(const AuditEvent& event) = 0;
    /// Where the log ends now, with the intents that have no end yet.
    [[nodiscard]] virtual Outcome<AuditAnchor> head() = 0;
    /// Whether the record that the store remembers is still there.
    [[nodiscard]] virtual Outcome<bool> contains(const AuditAnchor& anchor) = 0;
    /// The highest generation that the log knows to be written; nothing if it has never seen a store.
    [[nodiscard]] virtual Outcome<std::optional<std::uint64_t>> last_generation() = 0;
    /// The highest generation that anybody wanted to write, whatever became of it; 0 if nobody did. It is
    /// never given to another change: an image that was not committed must not pass for one that was.
    [[nodiscard]] virtual Outcome<std::uint64_t> highest_intended() = 0;
    /// Whether the file with this anchor comes from a change of which the log says that it did not happen.
    [[nodiscard]] virtual Outcome<bool> was_undone(const AuditAnchor& anchor) = 0;
    /// Says what became of the changes that a crash interrupted, for the holder of the store's lock: of those
    /// without a result, the one that the file with this anchor comes from has happened, and no other.
    [[nodiscard]] virtual Outcome<void> settle(const AuditAnchor& anchor) = 0;
};

}  // namespace quantconf::secrets
