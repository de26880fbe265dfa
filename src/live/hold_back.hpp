#pragma once

#include <string>
#include <vector>

#include "quantconf/arena.hpp"
#include "quantconf/schema.hpp"
#include "quantconf/value.hpp"

namespace quantconf::live {

/// `fresh` with the fields that need a restart as they are in `live`. Paths whose new value waits are added
/// to `pending`, if given. The result points into the memory of both trees and into `arena`.
[[nodiscard]] Value hold_back(const Schema& schema, const Value& fresh, const Value& live, Arena& arena,
                              std::vector<std::string>* pending = nullptr);

}  // namespace quantconf::live
