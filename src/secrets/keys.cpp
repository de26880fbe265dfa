#include "secrets/keys.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"
#include "secrets/byte_writer.hpp"

namespace quantconf::secrets {
namespace {

constexpr std::size_t kPartBytes = 32;
constexpr std::size_t kParts = 4;
constexpr std::size_t kRandomBytes = 32;

/// Which store, and which of its root keys.
std::string salt_of(const Header& header) {
    std::string salt(header.uuid.size() + 4, '\0');
    ByteWriter out{salt};
    out.bytes({header.uuid.data(), header.uuid.size()});
    out.u32(header.term);
    return salt;
}

}  // namespace

KeyRing::KeyRing(crypto::SecretBytes root, const Header& header)
    : root_{std::move(root)}, derived_{kParts * kPartBytes, crypto::OnFork::Wipe} {
    crypto::hkdf_sha256(root_.view(), salt_of(header), "qcs1/keys", derived_.bytes());
}

bool KeyRing::is_usable() const {
    return std::ranges::any_of(root_.view(), [](char c) { return c != '\0'; });
}

std::string_view KeyRing::part(std::size_t number) const {
    return derived_.view().substr(number * kPartBytes, kPartBytes);
}

Outcome<crypto::Mac> hedged_salt(crypto::Random& random, std::string_view hedge_key, std::string_view context,
                                 std::string_view message) {
    std::array<char, kRandomBytes> bytes{};
    if (auto filled = random.fill(bytes); !filled) {
        return std::unexpected{std::move(filled).error()};
    }
    std::array<char, 4> context_size{};
    ByteWriter{context_size}.u32(context.size());
    return crypto::hmac_sha256(
        hedge_key, {std::string_view{bytes.data(), bytes.size()},
                    std::string_view{context_size.data(), context_size.size()}, context, message});
}

MessageKey message_key(std::string_view secret, std::string_view salt, std::string_view info) {
    MessageKey key{crypto::SecretBytes{2 * kPartBytes, crypto::OnFork::Wipe}};
    crypto::hkdf_sha256(secret, salt, info, key.key_and_commitment.bytes());
    return key;
}

std::string_view zero_nonce() {
    static constexpr std::array<char, crypto::kAeadNonceBytes> kZeros{};
    return {kZeros.data(), kZeros.size()};
}

}  // namespace quantconf::secrets
