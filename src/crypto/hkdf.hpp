#pragma once

#include <span>
#include <string_view>

namespace quantconf::crypto {

/// HKDF-SHA256 (RFC 5869): fills `out`, at most 255 * 32 bytes, with key material from `secret`. `info` names
/// what it is for, so that one secret gives independent keys.
void hkdf_sha256(std::string_view secret, std::string_view salt, std::string_view info, std::span<char> out);

}  // namespace quantconf::crypto
