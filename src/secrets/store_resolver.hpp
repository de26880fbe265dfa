#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "layers/secret_resolver.hpp"
#include "secrets/audit_trail.hpp"
#include "secrets/store.hpp"

namespace quantconf::secrets {

/// An unlocked store and its audit trail, or why there is none.
struct Unlocked {
    Store& store;
    AuditTrail& trail;
};

/// What the secrets are wanted for.
enum class Purpose : std::uint8_t {
    HandOut,  ///< Somebody gets them: not without a record.
    Check,    ///< Only whether they are there. On a disk that cannot be written, without a record.
};

/// Answers the layers from a store. Unlocks it only when a configuration refers to secrets, and records once
/// a load what is being resolved, before any plain text leaves the store.
class StoreResolver final : public layers::SecretResolver {
public:
    /// `unlock` is called at most once; what it gives outlives this object.
    explicit StoreResolver(std::function<Outcome<Unlocked>()> unlock, Purpose purpose = Purpose::HandOut);

    [[nodiscard]] std::vector<layers::SecretAnswer> resolve(std::span<const layers::SecretWanted> wanted,
                                                            Environment environment) override;

private:
    std::function<Outcome<Unlocked>()> unlock_;
    Purpose purpose_;
    std::optional<Outcome<Unlocked>> unlocked_;
};

/// "SECURE:name@previous" as the store asks for it.
[[nodiscard]] VersionSelector selector_of(std::string_view reference);

}  // namespace quantconf::secrets
