#pragma once

#include <string>

#include "quantconf/schema.hpp"

namespace quantconf::live {

/// The canonical form of a version (docs/formats.md) as the text of a layer that gives the same values: where
/// the schema has a secret, `{"secret":"SECURE:name"}` becomes the reference alone, and that of a plain text,
/// which is not kept, null. Anything else stays as it is, also what today's schema has no field for.
[[nodiscard]] std::string layer_of_canonical(const Schema& schema, const std::string& canonical);

}  // namespace quantconf::live
