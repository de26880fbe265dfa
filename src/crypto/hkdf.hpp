#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace quantconf::crypto {

inline constexpr std::size_t kHkdfBytesMax = std::size_t{255} * 32;  ///< As the RFC has it.

/// HKDF-SHA256 (RFC 5869): fills `out` with key material from `secret`, which is not empty. `info` names what
/// it is for, so that one secret gives independent keys. An empty salt is the RFC's "not provided".
void hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info, std::span<char> out);

}  // namespace quantconf::crypto
