#pragma once

#include <optional>
#include <string_view>

#include "crypto/secret_bytes.hpp"

namespace quantconf::secrets {

inline constexpr std::size_t kKeyTextBytes = 44;  ///< 32 bytes in base64, with its one '='.

/// The key as text, and one newline.
[[nodiscard]] crypto::SecretBytes key_to_text(std::string_view key);

/// The 32 bytes that the text spells, with or without one newline at its end. Nothing for any other spelling
/// or length: raw bytes too, because 32 letters of a password must not pass for a key.
[[nodiscard]] std::optional<crypto::SecretBytes> key_from_text(std::string_view text);

}  // namespace quantconf::secrets
