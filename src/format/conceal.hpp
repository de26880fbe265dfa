#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "quantconf/diagnostic.hpp"

namespace quantconf::format {

/// Hides values in the excerpts of a text that could not be understood.
///
/// Such a text was not typed, so nobody knows which of its values are secrets: an excerpt then shows keys and
/// the caret alone. Every line is searched once, however often it is asked for.
class LineConcealer {
public:
    explicit LineConcealer(Source& source) : source_{source} {}

    /// Hides what stands behind `key:` on the line of a byte offset, or the whole line if it has no key.
    void conceal_value_at(std::uint32_t offset);
    /// Hides the whole line, for bytes that must not reach a terminal anyway.
    void conceal_line_at(std::uint32_t offset);

private:
    /// Bytes [begin, end) of the source.
    struct Line {
        std::uint32_t begin;
        std::uint32_t end;
    };

    /// The line of an offset, unless it is hidden already.
    [[nodiscard]] std::optional<Line> new_line_at(std::uint32_t offset);

    Source& source_;
    std::map<std::uint32_t, std::uint32_t> lines_;  ///< Begin and end of those that are hidden already.
};

}  // namespace quantconf::format
