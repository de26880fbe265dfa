#pragma once

#include <optional>

#include "apps/quantconf/session.hpp"
#include "secrets/key_source.hpp"

/// Shared by the programs that unlock the store; the first one, which does not, stays small without it.
namespace quantconf::app {

/// The key that --key-file, --key-fd or --passphrase names, the first of them; nothing without any. A
/// passphrase is asked for at the terminal when it is needed, never taken from the command line.
[[nodiscard]] std::optional<secrets::KeySource> key_by_option(const Session& session);

}  // namespace quantconf::app
