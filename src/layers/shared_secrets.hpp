#pragma once

#include "quantconf/field.hpp"
#include "schema/typing.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// The secrets in plain text that an alias also makes the value of a field which is no secret: in any layer,
/// and whether they are permitted there or not.
[[nodiscard]] schema::SecretPlaces shared_secrets(const value::Node& root, const Field& schema);

}  // namespace quantconf::layers
