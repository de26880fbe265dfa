#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quantconf::app {

constexpr std::size_t kColumns = 80;  ///< Of the narrowest terminal that people have.

/// The text broken between words, so that no line has more than kColumns; a word that is longer stands alone.
/// Each line of the text begins a new one. What follows a line goes below the line's own second column if it
/// has one, as "  name   what it is" does, else below its first letter. Ends with a newline.
[[nodiscard]] std::string wrapped(std::string_view text);

/// Words and what they mean, in two columns. The first is as wide as the longest word, and as `width`; a long
/// text stays in the second.
[[nodiscard]] std::string two_columns(const std::vector<std::pair<std::string, std::string>>& rows,
                                      std::size_t width = 0);

}  // namespace quantconf::app
