#pragma once

#include <string>
#include <string_view>

namespace quantconf {

/// Every %XX as the byte that it stands for, once; a % that is none stays. What a server makes of a part of a
/// URL.
[[nodiscard]] std::string percent_decoded(std::string_view text);

/// Whether "." or ".." is a part of the path, as any server may read it: in escapes too ("%2e"), behind an
/// escaped "/" ("..%2f"), behind "\", which some take for "/", and with what some cut off ("..;x").
[[nodiscard]] bool has_dot_segment(std::string_view path);

}  // namespace quantconf
