#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "quantconf/field.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// The text of one variable, one line of a .env file or one --set, and where it stands.
struct WrittenValue {
    std::string_view text;  ///< Decoded; must outlive the node that is made of it.
    const Source* source = nullptr;
    std::uint32_t begin = 0;  ///< Of the text in the source, without quotes.
    std::uint32_t end = 0;
    std::string path;
    std::string name;           ///< What the user calls it: "QUANTBOT_DEBUG", "--set debug".
    bool has_operators = true;  ///< False for the content of a file: there @delete is a text like any other.
    bool empty_is_error = false;  ///< PREFIX_STRICT_EMPTY.
};

/// Makes the node that a text means for its field; nothing, with a diagnostic, if it means none.
///
/// - A scalar field takes the whole text as it is.
/// - A list takes a JSON array, or for scalars also values with commas between them; blanks around each are
/// not part
///   of it. Texts with commas or outer blanks need the JSON form.
/// - `@delete`, `@delete?`, `@replace VALUE`, and for lists `@append LIST`, `@prepend LIST`, `@remove LIST`
/// are the
///   operators of a file. `@replace @delete` sets the text "@delete". A secret knows only the two deletions.
/// - A section can only be deleted, or replaced by a JSON object.
/// - Nothing at all means "not set", unless the field is a string that may be empty.
[[nodiscard]] std::optional<value::Node> read_value(const WrittenValue& written, const Field& field,
                                                    Arena& arena, Diagnostics& diagnostics);

}  // namespace quantconf::layers
