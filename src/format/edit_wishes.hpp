#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "format/edit.hpp"
#include "format/report.hpp"
#include "quantconf/arena.hpp"

namespace quantconf::format {

/// The edits as a tree of their paths: what is wished for one place of the file, and below it.
struct Wish {
    std::string_view key;
    const Edit* edit = nullptr;                ///< If set, there is nothing below.
    std::vector<std::unique_ptr<Wish>> below;  ///< In the order in which they were first named.
    std::unordered_map<std::string_view, const Wish*> by_key;

    [[nodiscard]] const Wish* find(std::string_view name) const {
        const auto found = by_key.find(name);
        return found == by_key.end() ? nullptr : found->second;
    }
    [[nodiscard]] bool is_removal() const { return edit != nullptr && !edit->value; }
    /// Whether any value is set here or below: removals alone make no section.
    [[nodiscard]] bool sets_something() const;
    /// What it sets, as one value: where nothing stands yet.
    [[nodiscard]] Value value(Arena& arena) const;
};

enum class Syntax : std::uint8_t { Yaml, Json };

/// Reads the edits into `root`, which points into them. False if one cannot be meant: two for the same place,
/// a key or value that no file can hold. The report then says which.
[[nodiscard]] bool read_wishes(std::span<const Edit> edits, Syntax syntax, Wish& root, Report& report);

/// "trading.max_position_size".
[[nodiscard]] std::string dotted(std::span<const std::string> path);

}  // namespace quantconf::format
