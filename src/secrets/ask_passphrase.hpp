#pragma once

#include <string>

#include "crypto/secret_bytes.hpp"
#include "quantconf/error.hpp"

namespace quantconf::secrets {

/// Asks at the controlling terminal, without echo, whatever stdin and stdout are. Problem::NoTerminal, at
/// once, if there is none. An interrupted question leaves the terminal as it was, and the signal then does
/// what it would have done. For programs with one thread: the signals of others cannot be held back.
[[nodiscard]] Outcome<crypto::SecretBytes> ask_passphrase(const std::string& prompt);

}  // namespace quantconf::secrets
