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
                                       std::string_view detail) override;
    [[nodiscard]] Outcome<void> refused(const AuditEvent& event) override;
    [[nodiscard]] Outcome<AuditAnchor> head() override;
    [[nodiscard]] Outcome<bool> contains(const AuditAnchor& anchor) override;
    [[nodiscard]] Outcome<std::optional<std::uint64_t>> last_generation() override;

    /// Something that needs no result, such as a reveal: durable before the plain text leaves.
    [[nodiscard]] Outcome<void> record(const audit::Entry& entry);
    /// Finds out what became of changes that a crash interrupted: by the generation that `file` has now.
    /// Under its lock, because an intent of a living writer has no result yet either.
    [[nodiscard]] Outcome<void> reconcile(StoreFile& file);

private:
    state::Database& database_;
    const Clock& clock_;
    std::optional<audit::Log> log_;
};

}  // namespace quantconf::secrets
