#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "quantconf/arena.hpp"
#include "quantconf/diagnostic.hpp"
#include "value/node.hpp"

namespace quantconf::layers {

/// JSON that stands inside a larger source.
struct JsonText {
    std::string_view text;  ///< Decoded.
    const Source* source = nullptr;
    std::uint32_t begin = 0;  ///< Where it stands there.
    std::uint32_t end = 0;
};

/// Parses it; nodes and diagnostics point into the larger source, and the nodes live in `arena`. Where the
/// source does not have the text letter by letter (escapes in .env quotes), all of them point at the whole of
/// it.
[[nodiscard]] std::optional<value::Node> parse_json_inside(const JsonText& json, Arena& arena,
                                                           Diagnostics& diagnostics);

}  // namespace quantconf::layers
