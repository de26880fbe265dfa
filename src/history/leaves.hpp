#pragma once

#include <cstddef>
#include <string_view>

namespace quantconf::history {

/// How many leaves differ between two canonical forms (docs/formats.md): scalars, lists, secrets and empty
/// maps that are new, gone or different. Any bytes are safe; what is not a canonical form is one leaf.
[[nodiscard]] std::size_t count_changes(std::string_view from, std::string_view to);

}  // namespace quantconf::history
