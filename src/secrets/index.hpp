#pragma once

#include <string_view>

#include "crypto/secret_bytes.hpp"
#include "secrets/contents.hpp"

namespace quantconf::secrets {

/// The plain text of the index, without the records.
[[nodiscard]] crypto::SecretBytes encode_index(const Index& index);

/// Exactly what encode_index writes, with the records cut out of `records`: names and numbers ascending, at
/// most one version of each label, every byte of both texts accounted for. Anything else is Damaged.
[[nodiscard]] Parsed<Index> parse_index(std::string_view plain, std::string_view records);

/// The records, in the order of the index.
[[nodiscard]] std::string concatenate_records(const Index& index);

/// The rules that parse_index checks, for a change that is about to be written.
[[nodiscard]] bool is_valid(const SecretEntry& secret);

}  // namespace quantconf::secrets
