#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/random.hpp"
#include "crypto/secret_bytes.hpp"
#include "quantconf/error.hpp"
#include "sources/settings.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// Where the ledgers of this user lie and the salt of the fingerprints: $XDG_STATE_HOME/quantconf/quota, or
/// below HOME. Nothing without either. `variables`: "NAME=value".
[[nodiscard]] std::optional<std::filesystem::path> default_quota_folder(
    const std::vector<std::string>& variables);

/// 32 random bytes that make the fingerprints of this user on this host unlike those of anybody else: whoever
/// finds a fingerprint cannot try keys against it without them. Immutable; any thread.
class Salt {
public:
    /// Reads FOLDER/salt, or makes it: folders of mode 0700, a file of mode 0600, whole or not at all. Of any
    /// number of processes that come first, all get the same one. Refused: what others can read or write,
    /// links, and a salt that is not one: without it the ledgers of all keys would begin anew.
    [[nodiscard]] static Outcome<Salt> open(const std::filesystem::path& folder, crypto::Random& random);
    /// The same, but nothing is made: nothing if there is none.
    [[nodiscard]] static Outcome<std::optional<Salt>> read(const std::filesystem::path& folder);

    [[nodiscard]] std::string_view bytes() const noexcept { return bytes_.view(); }

private:
    explicit Salt(crypto::SecretBytes bytes) noexcept : bytes_{std::move(bytes)} {}

    crypto::SecretBytes bytes_;
};

/// Tells one key of a source from another, on this machine alone: 16 hexadecimal digits of
/// HMAC-SHA256(salt, source and key). Never the key, nor a hash that anybody could compute. Nothing while the
/// key is a reference that is not resolved, or there is none.
[[nodiscard]] std::optional<std::string> fingerprint_of(const Salt& salt, const Source& source,
                                                        const Credentials& credentials);

/// Whose requests count together, likewise: keys of one scope have one. An account and an address do not
/// show in the key, so all keys of this user for the source count as one. Nothing while the key is not
/// resolved.
[[nodiscard]] std::optional<std::string> scope_fingerprint_of(const Salt& salt, const Source& source,
                                                              const Credentials& credentials);

/// The same where the key does not matter: requests of an account and of an address count as one. Nothing for
/// a source whose keys are counted one by one.
[[nodiscard]] std::optional<std::string> keyless_scope_fingerprint_of(const Salt& salt, const Source& source);

/// "polygon-0123456789abcdef.ledger": the file in the quota folder that all programs of this user share.
[[nodiscard]] std::string ledger_name(const Source& source, std::string_view scope_fingerprint);

}  // namespace quantconf::sources
