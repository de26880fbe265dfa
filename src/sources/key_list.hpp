#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "quantconf/quantbot.hpp"
#include "sources/catalogue.hpp"
#include "sources/fingerprint.hpp"
#include "sources/key_check.hpp"

namespace quantconf::sources {

/// What the secret store knows of a key besides its text.
struct KeyFacts {
    std::optional<Time> expires = {};  ///< `secret set --expires`.
    std::optional<Time> stored = {};   ///< When this version became the current one.
};

/// Whoever has the store open answers this from Store::info() of the secret's reference; a Secret itself does
/// not know it. Empty function: nothing is known, nothing is told about ends, and an answer "not yet active"
/// cannot be told from a bad key by its age.
using KeyFactsOf = std::function<KeyFacts(const Secret&)>;

/// The keys of a configuration that can be checked: of these providers, or of all that have one. A source
/// that can be asked without a key is part of it only if it is named. `catalogue` outlives the result.
[[nodiscard]] std::vector<KeyToCheck> keys_of(const quantbot::Config& config, const Catalogue& catalogue,
                                              const Salt& salt, std::span<const quantbot::Provider> providers,
                                              const KeyFactsOf& facts_of, Time now);

}  // namespace quantconf::sources
