#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace quantconf::secrets {

/// Bytes [begin, end) of a text.
struct TextRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The values of parameters (`apikey=...`), headers (`Authorization: ...`) and JSON members (`"token": ...`)
/// whose names are those of secrets, and the passwords of URLs (`//user:password@`). In order.
[[nodiscard]] std::vector<TextRange> secret_parameters(std::string_view text);

}  // namespace quantconf::secrets
