#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quantconf::history {

/// A text of somebody else as it is kept: visible characters alone, so that no program that prints it has to
/// care; at most `limit` bytes, cut between two characters and ended by "...".
[[nodiscard]] std::string shown_text(std::string_view text, std::size_t limit);

/// The first line of it.
[[nodiscard]] std::string shown_line(std::string_view text, std::size_t limit);

}  // namespace quantconf::history
