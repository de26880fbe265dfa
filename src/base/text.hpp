#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantconf {

/// Damerau-Levenshtein distance (optimal string alignment), in bytes, letters' case ignored.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The up to three candidates nearest to `word`, best first, at a distance of at most max(1, length / 3).
[[nodiscard]] std::vector<std::string> nearest(std::string_view word,
                                               std::span<const std::string> candidates);

/// "a", "a or b", "a, b or c".
[[nodiscard]] std::string join_or(std::span<const std::string> words);

/// "did you mean a or b?", or nothing without suggestions.
[[nodiscard]] std::string did_you_mean(std::span<const std::string> suggestions);

[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] std::string ascii_upper(std::string_view text);

/// See `quoted`.
struct Quoted {
    [[nodiscard]] std::string operator()(std::string_view text) const;
};

/// For a message: quotes the text, escapes what is not printable, and cuts it after 60 code points.
/// An object and not a function, so that quoted(std::string) never finds std::quoted.
inline constexpr Quoted quoted{};

}  // namespace quantconf
