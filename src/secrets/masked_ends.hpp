#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quantconf::secrets {

/// Shorter pieces beside a mask prove nothing: they may be the text around it.
inline constexpr std::size_t kMaskedEndBytesMin = 3;

/// Who refuses a key likes to quote it with its middle masked: "sk-proj-****ed3f", "sk-...ed3f". Takes such
/// masks (stars, dots, an ellipsis, also as JSON escapes it) out of `text` together with the ends of `secret`
/// that stand beside them. A mask that stands beside neither end stays.
[[nodiscard]] std::string without_masked_ends(std::string_view text, std::string_view secret);

}  // namespace quantconf::secrets
