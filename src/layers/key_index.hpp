#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "value/node.hpp"

namespace quantconf::layers {

/// Finds entries of a map by key, in constant time also for 100,000 of them. Views into the entries; where a
/// broken map has a key twice, the first counts.
class KeyIndex {
public:
    explicit KeyIndex(std::span<const value::Entry> entries) : entries_{entries} {
        slots_.resize(std::bit_ceil(entries.size() * 2 + 1), kFree);
        for (std::uint32_t i = 0; i < entries.size(); ++i) {
            std::uint32_t& slot = slot_of(entries[i].key());
            if (slot == kFree) {
                slot = i;
            }
        }
    }

    [[nodiscard]] std::optional<std::size_t> find(std::string_view key) {
        const std::uint32_t slot = slot_of(key);
        return slot == kFree ? std::nullopt : std::optional<std::size_t>{slot};
    }

private:
    static constexpr std::uint32_t kFree = ~std::uint32_t{0};

    /// The slot that holds the key, or the free one where it would go. At most half of them are taken.
    [[nodiscard]] std::uint32_t& slot_of(std::string_view key) {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = std::hash<std::string_view>{}(key)&mask;
        while (slots_[at] != kFree && entries_[slots_[at]].key() != key) {
            at = (at + 1) & mask;
        }
        return slots_[at];
    }

    std::span<const value::Entry> entries_;
    std::vector<std::uint32_t> slots_;
};

}  // namespace quantconf::layers
