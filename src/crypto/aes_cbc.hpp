#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace quantconf::crypto {

inline constexpr std::size_t kAesBlockBytes = 16;

/// AES-128 in CBC mode (NIST SP 800-38A), decryption alone, padding left in place. For reading what other
/// programs have written: nothing of ours is stored like this, because CBC does not notice changes. The
/// caller has checked a MAC first.
///
/// `key` and `start` (the initialisation vector) have 16 bytes, `sealed` whole blocks; `plain` has its
/// length.
void aes128cbc_decrypt(std::string_view key, std::string_view start, std::string_view sealed,
                       std::span<char> plain);

}  // namespace quantconf::crypto
