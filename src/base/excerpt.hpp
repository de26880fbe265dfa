#pragma once

#include <string>
#include <string_view>

#include "quantconf/diagnostic.hpp"

namespace quantconf {

/// The line that an origin points at, made safe and short enough for a terminal, and what marks the place.
struct Excerpt {
    std::string number;  ///< Of the line; empty where lines have no numbers, as in a variable.
    std::string line;
    std::string marker;  ///< "      ^~~~", to be printed right below `line`.
};

/// Columns of a terminal that an excerpt takes at most, without its margin.
inline constexpr std::size_t kExcerptColumns = 100;

/// An empty `line` where there is nothing to show.
[[nodiscard]] Excerpt excerpt_of(const Origin& origin);

}  // namespace quantconf
