#pragma once

#include <string_view>

#include "sources/answer_facts.hpp"

namespace quantconf::sources {

/// The same for a text that should be XML: whether its elements close, the name of the root, and, if that is
/// an error, its attributes and the texts of its children. Entities are not expanded, so nothing can grow.
[[nodiscard]] Facts look_at_xml(std::string_view text);

}  // namespace quantconf::sources
