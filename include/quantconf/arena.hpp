#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>

namespace quantconf {

/// Memory for the texts and children of one tree, freed all at once with the tree.
///
/// Trees are immutable and die whole, so thousands of small allocations would only cost time. Not
/// thread-safe: one builder, then readers.
class Arena {
public:
    Arena() = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    ~Arena() = default;

    /// A copy that lives as long as the arena.
    [[nodiscard]] std::string_view copy(std::string_view text) {
        if (text.empty()) {
            return {};
        }
        auto* bytes = static_cast<char*>(memory_.allocate(text.size(), 1));
        std::ranges::copy(text, bytes);
        return {bytes, text.size()};
    }

    /// A copy of trivially destructible items that lives as long as the arena.
    template <typename T>
    requires std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>
    [[nodiscard]] std::span<T> copy(std::span<const T> items) {
        if (items.empty()) {
            return {};
        }
        auto* first = static_cast<T*>(memory_.allocate(items.size_bytes(), alignof(T)));
        std::uninitialized_copy(items.begin(), items.end(), first);
        return {first, items.size()};
    }

    /// `count` items as they are when nobody has set them; they live as long as the arena.
    template <typename T>
    requires std::is_trivially_destructible_v<T>
    [[nodiscard]] std::span<T> make(std::size_t count) {
        auto* first = static_cast<T*>(memory_.allocate(count * sizeof(T), alignof(T)));
        std::uninitialized_value_construct_n(first, count);
        return {first, count};
    }

private:
    std::pmr::monotonic_buffer_resource memory_{4096};
};

}  // namespace quantconf
