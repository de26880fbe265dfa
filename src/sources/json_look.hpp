#pragma once

#include <string_view>

#include "sources/answer_facts.hpp"

namespace quantconf::sources {

/// The same for a text that should be JSON. Kind "broken" if it is not, or not to its end; what stood before
/// the mistake is kept. Not the parser of our own files: foreign data has names with dots, keys that differ
/// in case, and bytes that are not UTF-8, and only a few members of megabytes matter. Does not recurse.
[[nodiscard]] Facts look_at_json(std::string_view text);

}  // namespace quantconf::sources
