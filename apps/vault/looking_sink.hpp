#pragma once

#include "secrets/audit_trail.hpp"

namespace quantconf::app {

/// For who only looks at a store and its log: answers from the log, if there is one, and writes nothing into
/// it. Nothing leaves the store meanwhile, so nothing has to be recorded.
class LookingSink final : public secrets::AuditSink {
public:
    /// Null: there is no log. It outlives this.
    explicit LookingSink(secrets::AuditTrail* trail) : trail_{trail} {}

    void use_key(std::string_view audit_key) override {
        if (trail_ != nullptr) {
            trail_->use_key(audit_key);
        }
    }
    [[nodiscard]] Outcome<std::uint64_t> intend(const secrets::AuditEvent& /*event*/) override { return 0; }
    [[nodiscard]] Outcome<void> finish(std::uint64_t /*intent*/, secrets::AuditResult /*result*/,
                                       std::error_code /*cause*/) override {
        return {};
    }
    [[nodiscard]] Outcome<void> refused(const secrets::AuditEvent& /*event*/) override { return {}; }
    [[nodiscard]] Outcome<secrets::AuditAnchor> head() override {
        return trail_ == nullptr ? Outcome<secrets::AuditAnchor>{} : trail_->head();
    }
    [[nodiscard]] Outcome<bool> contains(const secrets::AuditAnchor& anchor) override {
        return trail_ == nullptr ? Outcome<bool>{false} : trail_->contains(anchor);
    }
    [[nodiscard]] Outcome<std::optional<std::uint64_t>> last_generation() override {
        return trail_ == nullptr ? std::optional<std::uint64_t>{} : trail_->last_generation();
    }
    [[nodiscard]] Outcome<std::uint64_t> highest_intended() override { return 0; }
    [[nodiscard]] Outcome<bool> was_undone(const secrets::AuditAnchor& anchor) override {
        return trail_ == nullptr ? Outcome<bool>{false} : trail_->was_undone(anchor);
    }
    [[nodiscard]] Outcome<void> settle(const secrets::AuditAnchor& /*anchor*/) override { return {}; }

private:
    secrets::AuditTrail* trail_;
};

}  // namespace quantconf::app
