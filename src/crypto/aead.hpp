#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace quantconf::crypto {

inline constexpr std::size_t kAeadKeyBytes = 32;
inline constexpr std::size_t kAeadNonceBytes = 12;
inline constexpr std::size_t kAeadTagBytes = 16;

/// AES-256-GCM (NIST SP 800-38D) with a nonce of 96 bits and a tag of 128: ciphertext, then tag. `key` and
/// `nonce` have the lengths above, and no pair of them may be used twice. Any thread.
[[nodiscard]] std::string aes256gcm_seal(std::string_view key, std::string_view nonce,
                                         std::string_view associated, std::string_view plain);

/// Fills `plain`, which has the length of `sealed` without its tag. False, and zeros in `plain`, if anything
/// was changed: key, nonce, associated data, ciphertext or tag.
[[nodiscard]] bool aes256gcm_open(std::string_view key, std::string_view nonce, std::string_view associated,
                                  std::string_view sealed, std::span<char> plain);

}  // namespace quantconf::crypto
