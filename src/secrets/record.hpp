#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/random.hpp"
#include "crypto/secret_bytes.hpp"
#include "secrets/keys.hpp"

namespace quantconf::secrets {

/// What a record is: bound into its ciphertext, so that it opens nowhere else.
struct RecordIdentity {
    const Header& header;
    std::string_view name;
    std::uint32_t version = 0;
};

/// Values are padded to a multiple of this, so that keys of the usual lengths look alike.
inline constexpr std::size_t kPadding = 64;

/// Salt, commitment, ciphertext, tag. The value is at most limits::kValueBytes long.
[[nodiscard]] Outcome<std::string> seal_record(const KeyRing& keys, const RecordIdentity& identity,
                                               std::string_view value, crypto::Random& random);

/// Nothing if a single bit of the record, or anything of its identity, is not as it was.
[[nodiscard]] std::optional<crypto::SecretBytes> open_record(const KeyRing& keys,
                                                             const RecordIdentity& identity,
                                                             std::string_view record);

/// Whether any value at all has a record of this size.
[[nodiscard]] bool is_record_size(std::size_t size);

}  // namespace quantconf::secrets
