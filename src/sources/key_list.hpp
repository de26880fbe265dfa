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

/// The keys of a configuration that can be checked: of these providers, or of all that have one. A source
/// that can be asked without a key is part of it only if it is named. What the store knows of a key
/// (Secret::facts) comes along. `catalogue` outlives the result.
[[nodiscard]] std::vector<KeyToCheck> keys_of(const quantbot::Config& config, const Catalogue& catalogue,
                                              const Salt& salt, std::span<const quantbot::Provider> providers,
                                              Time now);

}  // namespace quantconf::sources
