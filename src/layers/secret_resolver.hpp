#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "crypto/secret_bytes.hpp"
#include "quantconf/environment.hpp"
#include "quantconf/secret.hpp"

namespace quantconf::layers {

/// One reference of the configuration that won: what has to be found in the store.
struct SecretWanted {
    std::string path;       ///< "data_sources.polygon_api_key": for the message and the audit.
    std::string reference;  ///< As written, well-formed: "SECURE:polygon_key@previous".
};

/// Why a secret is not there. Decides which diagnostic it becomes.
enum class SecretTrouble : std::uint8_t {
    NotFound,           ///< No such secret, or no such version of it.
    Unreadable,         ///< It is there, but its record is damaged or was tampered with.
    NotForEnvironment,  ///< It is bound to other environments.
    StoreUnavailable,   ///< No store, no key, or not the right one: said once for all references.
};

/// Texts for a person; never a value.
struct SecretRefusal {
    SecretTrouble trouble = SecretTrouble::NotFound;
    std::string reason;
    std::string hint{};
};

struct SecretFound {
    std::uint64_t version = 0;
    crypto::SecretBytes plain;
    SecretFacts facts{};
    std::string warning{};  ///< Something to mention, such as that it has expired; usually empty.
};

using SecretAnswer = std::expected<SecretFound, SecretRefusal>;

/// Turns references into secrets. Implemented over the store above us; the layers only know this.
class SecretResolver {
public:
    SecretResolver() = default;
    SecretResolver(const SecretResolver&) = delete;
    SecretResolver& operator=(const SecretResolver&) = delete;
    virtual ~SecretResolver() = default;

    /// Asked once a load, with every reference that won. One answer each, in the same order.
    [[nodiscard]] virtual std::vector<SecretAnswer> resolve(std::span<const SecretWanted> wanted,
                                                            Environment environment) = 0;
};

/// What happens to a program whose configuration names a secret that the store does not have.
enum class MissingSecrets : std::uint8_t {
    Refuse,  ///< The configuration is invalid.
    Absent,  ///< A warning, and the field is empty. The reference itself is never handed out.
};

}  // namespace quantconf::layers
