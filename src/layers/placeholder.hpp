#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quantconf::layers {

/// A part of a text with ${...} in it.
struct Piece {
    enum class Kind { Text, Path, Variable };
    Kind kind = Kind::Text;
    std::string_view name{};                        ///< Text itself, dotted path, or name of a variable.
    std::optional<std::string_view> alternative{};  ///< What stands behind `:-`, as it is.
    std::string_view written{};                     ///< "${database.host:-localhost}".
};

/// Splits a text. `$$` becomes a text `$`; a `$` in front of anything else is a text as well.
/// Nothing if a ${...} is not closed or says something that is neither a path nor env:NAME; `wrong` is then
/// the place from there on.
[[nodiscard]] std::optional<std::vector<Piece>> split_placeholders(std::string_view text,
                                                                   std::string_view& wrong);

}  // namespace quantconf::layers
