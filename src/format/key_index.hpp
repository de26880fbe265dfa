#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "value/node.hpp"

namespace quantconf::format {

/// Finds the keys of one map that are equal, or equal but for the case of their letters, in one look-up each.
///
/// Made once per document and reused for every map: small maps are compared directly, larger ones use a hash
/// table whose memory stays.
class KeyIndex {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    /// Forgets everything and makes room for `count` keys.
    void reset(std::size_t count);
    /// The key among those added before that differs from `entries[position]` in case at most, or kNone after
    /// adding it.
    [[nodiscard]] std::uint32_t add(std::span<const value::Entry> entries, std::uint32_t position);

private:
    struct Slot {
        std::uint32_t position_plus_one;  ///< 0: free.
        std::uint32_t hash;
    };

    std::vector<std::uint32_t> few_;  ///< Positions, while there is no table.
    std::vector<Slot> slots_;
    bool uses_table_ = false;
};

/// Whether two keys are equal but for the case of their letters.
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace quantconf::format
