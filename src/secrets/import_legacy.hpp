#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/secret_bytes.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf::secrets {

/// One value out of somebody else's file.
struct ImportedSecret {
    std::string name;
    crypto::SecretBytes value;
    bool was_encrypted = true;  ///< False: anybody who could read the file knew it.
};

/// One that was not taken, and why; never a value.
struct RefusedImport {
    std::string name;
    std::string reason;
};

struct Imported {
    std::vector<ImportedSecret> secrets;
    std::vector<RefusedImport> refused;
};

/// A Fernet key: 44 letters of URL-safe base64, 16 bytes for signing and 16 for encryption.
[[nodiscard]] std::optional<crypto::SecretBytes> read_fernet_key(std::string_view text);

/// The plain text of a Fernet token (version 0x80: time, IV, AES-128-CBC, HMAC-SHA256), whatever its age.
/// Nothing unless the MAC is right; it is compared first, in constant time.
[[nodiscard]] std::optional<crypto::SecretBytes> open_fernet(std::string_view token,
                                                             const crypto::SecretBytes& key);

/// The legacy bot's secret file: a flat JSON object {name: token}. A value is a Fernet token or, where the
/// old program ran without its library, plain base64; the latter is marked. A token that does not open is
/// refused and never tried as anything else. `key_text` is the content of the key file.
[[nodiscard]] Checked<Imported> read_legacy_secrets(std::string text, const std::string& file_name,
                                                    std::string_view key_text);

/// NAME=value lines. Without `names` only those are taken that look like secrets; the others are listed.
[[nodiscard]] Checked<Imported> read_dotenv_secrets(std::string text, const std::string& file_name,
                                                    const std::vector<std::string>& names);

}  // namespace quantconf::secrets
