#pragma once

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

    /// Something that needs no result, such as a reveal: durable before the plain text leaves.
    [[nodiscard]] Outcome<void> record(const audit::Entry& entry);
    /// An Error where nothing can be recorded, before anybody is asked for a value or for a passphrase. That
    /// the disk is full shows only when it is tried.
    [[nodiscard]] Outcome<void> can_record(audit::Action action) const;
    /// Finds out what became of changes that a crash interrupted: by the generation that `file` has now.
    /// Under its lock, because an intent of a living writer has no result yet either. `since` is the anchor
    /// of the store that is open. On a disk that cannot be written it waits for a better day.
    [[nodiscard]] Outcome<void> reconcile(StoreFile& file, const AuditAnchor& since);

private:
    /// What the caller has to hear: which record, that nothing happened without it, and what to do.
    [[nodiscard]] Error not_recorded(Error error, audit::Action action) const;

    state::Database& database_;
    const Clock& clock_;
    std::optional<audit::Log> log_;
};

}  // namespace quantconf::secrets
