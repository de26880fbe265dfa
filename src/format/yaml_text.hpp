#pragma once

#include <string>
#include <string_view>

namespace quantconf::format {

/// A text as a YAML scalar that every parser, of YAML 1.1 or 1.2, reads back as this text: plain where
/// nothing else can be meant, else in double quotes.
[[nodiscard]] std::string yaml_scalar(std::string_view text);

/// The same in double quotes in any case.
[[nodiscard]] std::string yaml_double_quoted(std::string_view text);

/// What has to be written so that loading gives this text: SECURE: and ${ are ours, and are escaped.
[[nodiscard]] std::string escape_references(std::string_view text);

}  // namespace quantconf::format
