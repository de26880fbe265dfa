#pragma once

#include "quantconf/value.hpp"
#include "schema/typing.hpp"

namespace quantconf::layers {

/// The secrets in plain text that an alias also makes the value of a field which is no secret.
[[nodiscard]] schema::SecretPlaces shared_secrets(const Value& root);

}  // namespace quantconf::layers
