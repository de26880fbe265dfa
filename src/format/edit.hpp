#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "quantconf/diagnostic.hpp"
#include "quantconf/value.hpp"
#include "value/node.hpp"

namespace quantconf::format {

/// One place of a layer file that shall have another value, or none.
struct Edit {
    std::vector<std::string> path;  ///< Keys from the top, as written in the file.
    /// A scalar, list or map, as the typed value it is; a secret as its reference. Nothing: the key is
    /// removed, and with it every map that becomes empty by that and had no comment of its own.
    std::optional<Value> value;
};

/// The text of a layer file (YAML, or JSON if `source` is named .json) with these edits, and every other byte
/// as it was: comments, order, blank lines, quotes, indentation, line endings, byte order mark.
///
/// A key that is there gets its value in place, in the style it was written in where the new value allows
/// that; a comment behind it stays. A new key goes behind the last one of its section, indented as its
/// neighbours; a new section behind the last one. What cannot be edited without guessing is refused by name:
/// a value that comes from an alias or a merge key (`<<`), an anchor that others refer to, a tag with a
/// meaning for merging (!append ...), a file that does not parse.
///
/// Never trusted: the result is parsed again, and must be the old tree with exactly these edits.
[[nodiscard]] Checked<std::string> edit(const std::shared_ptr<Source>& source, std::span<const Edit> edits);

}  // namespace quantconf::format
