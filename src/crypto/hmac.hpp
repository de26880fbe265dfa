#pragma once

#include <array>
#include <initializer_list>
#include <string_view>

namespace quantconf::crypto {

/// The result of HMAC-SHA256, or 32 bytes of key material.
using Mac = std::array<char, 32>;

[[nodiscard]] inline std::string_view view_of(const Mac& mac) {
    return {mac.data(), mac.size()};
}

/// HMAC-SHA256 (RFC 2104, FIPS 198-1) of the parts, one behind the other. Where a part has no fixed length,
/// the caller writes its length in front of it, so that two messages cannot look the same. The key is not
/// empty.
[[nodiscard]] Mac hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts);

/// Compares in a time that depends on the lengths alone.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace quantconf::crypto
