#pragma once

#include <array>
#include <string>

#include "crypto/random.hpp"
#include "quantconf/error.hpp"

namespace quantconf::secrets {

/// Tells one store from every other; its key file and the mark beside it are named by it.
using Uuid = std::array<char, 16>;

/// "83af6dc5-cff6-4268-ae96-b477edddd5aa".
[[nodiscard]] std::string text_of(const Uuid& uuid);
/// A random one, version 4 of RFC 4122.
[[nodiscard]] Outcome<Uuid> new_uuid(crypto::Random& random);

}  // namespace quantconf::secrets
