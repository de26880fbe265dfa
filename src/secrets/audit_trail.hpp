#pragma once

#include <functional>
#include <optional>

#include "audit/log.hpp"
#include "base/clock.hpp"
#include "secrets/audit_sink.hpp"
#include "secrets/store_file.hpp"
#include "state/database.hpp"

namespace quantconf::secrets {

/// The store's view of the audit log in state.db. The database and the clock outlive it.
class AuditTrail final : public AuditSink {
public:
    AuditTrail(state::Database& database, const Clock& clock);

    void use_key(std::string_view audit_key) override;
    [[nodiscard]] Outcome<std::uint64_t> intend(const AuditEvent& event) override;
    [[nodiscard]] Outcome<void> finish(std::uint64_t intent, AuditResult result,
                                       std::error_code cause) override;
    [[nodiscard]] Outcome<void> refused(const AuditEvent& event) override;
    [[nodiscard]] Outcome<AuditAnchor> head() override;
    [[nodiscard]] Outcome<bool> contains(const AuditAnchor& anchor) override;
    [[nodiscard]] Outcome<std::optional<std::uint64_t>> last_generation() override;
    [[nodiscard]] Outcome<std::uint64_t> highest_intended() override;
    [[nodiscard]] Outcome<bool> was_undone(const AuditAnchor& anchor) override;
    [[nodiscard]] Outcome<void> settle(const AuditAnchor& anchor) override;

    /// Something that needs no result, such as a reveal: durable before the plain text leaves.
    [[nodiscard]] Outcome<void> record(const audit::Entry& entry);
    /// An Error where nothing can be recorded, before anybody is asked for a value or for a passphrase. That
    /// the disk is full shows only when it is tried.
    [[nodiscard]] Outcome<void> can_record(audit::Action action) const;
    /// settle() for who has only opened the store. Leaves it to the next writer where one is at work, whose
    /// intent has no result yet either, and on a disk that cannot be written: reading waits for nobody.
    /// `since` is the anchor of the store that is open.
    [[nodiscard]] Outcome<void> reconcile(StoreFile& file, const AuditAnchor& since);

private:
    /// A change of a store, as the log proves it.
    struct StoreChange {
        audit::Seq intent = 0;
        std::uint64_t generation = 0;
        bool has_result = false;
        bool has_happened = false;
    };

    /// Newest first; `visit` says whether it wants another one.
    [[nodiscard]] Outcome<void> walk_changes(const std::function<bool(const StoreChange&)>& visit);
    /// The change that made the file with this anchor.
    [[nodiscard]] Outcome<std::optional<StoreChange>> maker_of(const AuditAnchor& anchor);
    [[nodiscard]] Outcome<bool> has_unsettled(audit::Seq from);
    /// What the caller has to hear: which record, that nothing happened without it, and what to do.
    [[nodiscard]] Error not_recorded(Error error, audit::Action action) const;

    state::Database& database_;
    const Clock& clock_;
    std::optional<audit::Log> log_;
    std::optional<crypto::SecretBytes> key_;
};

}  // namespace quantconf::secrets
