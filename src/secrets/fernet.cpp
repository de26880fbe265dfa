#include <algorithm>
#include <utility>

#include "base/base64.hpp"
#include "crypto/aes_cbc.hpp"
#include "crypto/hmac.hpp"
#include "secrets/import_legacy.hpp"

namespace quantconf::secrets {
namespace {

constexpr char kFernetVersion = '\x80';
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kStartBytes = crypto::kAesBlockBytes;
constexpr std::size_t kMacBytes = 32;
constexpr std::size_t kHeadBytes = 1 + kTimeBytes + kStartBytes;
constexpr std::size_t kHalfKeyBytes = 16;

/// PKCS #7: the last byte says how many bytes of its own value were added, 1 to 16.
std::optional<std::size_t> size_without_padding(std::string_view padded) {
    const auto count = static_cast<unsigned char>(padded.back());
    if (count == 0 || count > crypto::kAesBlockBytes) {
        return std::nullopt;
    }
    const std::string_view padding = padded.substr(padded.size() - count);
    const bool is_right = std::ranges::all_of(padding, [&](char c) { return c == padded.back(); });
    return is_right ? std::optional{padded.size() - count} : std::nullopt;
}

}  // namespace

std::optional<crypto::SecretBytes> read_fernet_key(std::string_view text) {
    while (text.ends_with('\n') || text.ends_with('\r')) {
        text.remove_suffix(1);
    }
    crypto::SecretBytes bytes{base64_bytes_max(text.size())};
    const auto size = decode_base64(text, Base64::Url, bytes.bytes());
    if (size != 2 * kHalfKeyBytes) {
        return std::nullopt;
    }
    return crypto::SecretBytes::copy_of(bytes.view().substr(0, *size));
}

std::optional<crypto::SecretBytes> open_fernet(std::string_view token, const crypto::SecretBytes& key) {
    std::string bytes(base64_bytes_max(token.size()), '\0');
    const auto size = decode_base64(token, Base64::Url, bytes);
    if (!size || *size < kHeadBytes + crypto::kAesBlockBytes + kMacBytes) {
        return std::nullopt;
    }
    const std::string_view signed_part = std::string_view{bytes}.substr(0, *size - kMacBytes);
    const std::string_view mac = std::string_view{bytes}.substr(*size - kMacBytes, kMacBytes);
    const std::string_view sealed = signed_part.substr(kHeadBytes);
    const auto expected = crypto::hmac_sha256(key.view().substr(0, kHalfKeyBytes), {signed_part});
    if (bytes.front() != kFernetVersion || sealed.size() % crypto::kAesBlockBytes != 0 ||
        !crypto::equal_in_constant_time(mac, crypto::view_of(expected))) {
        return std::nullopt;
    }
    crypto::SecretBytes padded{sealed.size()};
    crypto::aes128cbc_decrypt(key.view().substr(kHalfKeyBytes),
                              signed_part.substr(1 + kTimeBytes, kStartBytes), sealed, padded.bytes());
    const auto plain_size = size_without_padding(padded.view());
    if (!plain_size) {
        return std::nullopt;
    }
    return crypto::SecretBytes::copy_of(padded.view().substr(0, *plain_size));
}

}  // namespace quantconf::secrets
