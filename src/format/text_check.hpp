#pragma once

#include <string_view>

#include "format/report.hpp"
#include "quantconf/diagnostic.hpp"

namespace quantconf::format {

/// What the bytes of a source are like, whatever its syntax.
struct TextTraits {
    bool is_acceptable = false;  ///< Otherwise the report says why.
    bool is_ascii = true;
    bool has_deceptive = false;  ///< Invisible characters, which are fine in quotes and comments only.
};

/// The gate in front of every parser: size, strict UTF-8, and no character that a person cannot see and that
/// a parser could take for structure. Parsers behind it may trust the encoding.
[[nodiscard]] TextTraits check_text(const Source& source, Report& report);

/// Where the text begins: behind a byte order mark.
[[nodiscard]] std::size_t text_begin(std::string_view text);

}  // namespace quantconf::format
