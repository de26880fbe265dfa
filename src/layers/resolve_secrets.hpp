#pragma once

#include <string>
#include <vector>

#include "layers/secret_resolver.hpp"
#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/schema.hpp"
#include "quantconf/secret.hpp"
#include "quantconf/value.hpp"

namespace quantconf::layers {

/// A reference of the configuration and what it stands for.
struct CandidateSecret {
    std::string path;
    std::string reference;
    std::uint64_t version = 0;  ///< 0: there is none, and the program can do without.
    crypto::SecretBytes plain{};
    SecretFacts facts{};
};

struct Resolution {
    SecretResolver& resolver;
    const Schema& schema;
    Environment environment;
    MissingSecrets missing;
    Arena& arena;
    Diagnostics& diagnostics;
    std::vector<CandidateSecret>& secrets;  ///< Receives one for each reference that could be resolved.
};

/// Asks for every reference below `root`, reports all that are missing together, and returns the tree with
/// plain texts in place of references; those point into `secrets`. Where a secret is missing there is
/// nothing.
[[nodiscard]] Value resolve_secrets(const Resolution& resolution, const Value& root);

}  // namespace quantconf::layers
