#pragma once

#include <string_view>

#include "crypto/hmac.hpp"
#include "crypto/random.hpp"
#include "crypto/secret_bytes.hpp"
#include "quantconf/error.hpp"
#include "secrets/contents.hpp"

namespace quantconf::secrets {

inline constexpr std::size_t kRootKeyBytes = 32;

/// The root key of one term, and the keys that follow from it. In a forked child all of them are zeros.
class KeyRing {
public:
    KeyRing() = default;
    KeyRing(crypto::SecretBytes root, const Header& header);

    [[nodiscard]] std::string_view root() const { return root_.view(); }
    [[nodiscard]] std::string_view index_key() const { return part(0); }
    [[nodiscard]] std::string_view record_key() const { return part(1); }
    [[nodiscard]] std::string_view mac_key() const { return part(2); }
    [[nodiscard]] std::string_view hedge_key() const { return part(3); }

    /// False in a forked child, and before there is a root key.
    [[nodiscard]] bool is_usable() const;

private:
    [[nodiscard]] std::string_view part(std::size_t number) const;

    crypto::SecretBytes root_ = {};
    crypto::SecretBytes derived_ = {};
};

/// 32 bytes that are never the same for two different messages, even if `random` repeats itself (a cloned
/// machine, a restored snapshot): they depend on the context and on the message too.
[[nodiscard]] Outcome<crypto::Mac> hedged_salt(crypto::Random& random, std::string_view hedge_key,
                                               std::string_view context, std::string_view message);

/// A key for a single message, and the commitment that proves which key it is: another key that happens to
/// open the message has another commitment.
struct MessageKey {
    crypto::SecretBytes key_and_commitment;

    [[nodiscard]] std::string_view key() const { return key_and_commitment.view().substr(0, 32); }
    [[nodiscard]] std::string_view commitment() const { return key_and_commitment.view().substr(32); }
};
[[nodiscard]] MessageKey message_key(std::string_view secret, std::string_view salt, std::string_view info);

/// The nonce of every message: each key seals one message only, so there is nothing for it to tell apart.
[[nodiscard]] std::string_view zero_nonce();

}  // namespace quantconf::secrets
