#pragma once

#include <string>

#include "apps/quantconf/session.hpp"
#include "crypto/secret_bytes.hpp"

namespace quantconf::app {

/// A secret from standard input, up to its end; one newline at the end is not part of it. On a terminal it is
/// asked for without echo, twice; `what` is what it is called there.
[[nodiscard]] Outcome<crypto::SecretBytes> read_value(const std::string& what);

/// A new passphrase, asked for twice.
[[nodiscard]] Outcome<crypto::SecretBytes> ask_new_passphrase(const std::string& what);

}  // namespace quantconf::app
