#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "format/tree_builder.hpp"

namespace quantconf::format {

/// What `&name` marked in one document.
struct Anchor {
    Subtree subtree;
    Span at;
    bool is_open = true;  ///< Its collection has not ended: an alias inside would contain itself.
};

/// The anchors of one document by name.
class Anchors {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    /// The number of a new anchor, or kNone if the name is taken.
    [[nodiscard]] std::uint32_t add(std::string_view name, Span at) {
        const auto number = static_cast<std::uint32_t>(anchors_.size());
        if (!by_name_.try_emplace(std::string{name}, number).second) {
            return kNone;
        }
        anchors_.push_back({.subtree = {}, .at = at});
        return number;
    }

    [[nodiscard]] const Anchor* find(std::string_view name) const {
        const auto found = by_name_.find(name);
        return found == by_name_.end() ? nullptr : &anchors_[found->second];
    }

    void complete(std::uint32_t number, const Subtree& subtree) {
        anchors_[number].subtree = subtree;
        anchors_[number].is_open = false;
    }

private:
    /// Lets find() take a view without making a string.
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const noexcept {
            return std::hash<std::string_view>{}(name);
        }
    };

    std::vector<Anchor> anchors_;
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> by_name_;
};

}  // namespace quantconf::format
