#include "layers/tree_edit.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "base/assert.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;
using value::NodeKind;

/// "trading" and "limits.daily" of "trading.limits.daily".
struct Split {
    std::string_view first;
    std::string_view rest;  ///< Empty for the last segment.
};

Split split(std::string_view path) {
    const auto dot = path.find('.');
    return dot == std::string_view::npos ? Split{.first = path, .rest = {}}
                                         : Split{.first = path.substr(0, dot), .rest = path.substr(dot + 1)};
}

}  // namespace

const Entry* entry_at(const Node& root, std::string_view path) {
    const auto [first, rest] = split(path);
    const Entry* entry = root.find(first);
    return entry == nullptr || rest.empty() ? entry : entry_at(entry->value, rest);
}

const Node* obstacle_to(const Node& root, std::string_view path) {
    if (root.kind != NodeKind::Map) {
        return &root;
    }
    const auto [first, rest] = split(path);
    const Entry* entry = root.find(first);
    return entry == nullptr || rest.empty() ? nullptr : obstacle_to(entry->value, rest);
}

Node without_entry(const Node& root, std::string_view path, OwnMaps& own) {
    const auto [first, rest] = split(path);
    Node result = root;
    Entry* const entries = own.writable(root, 0);
    Entry* const end = entries + root.size;
    Entry* const found = std::ranges::find(entries, end, first, &Entry::key);
    QC_ASSERT(found != end);
    if (!rest.empty()) {
        found->value = without_entry(found->value, rest, own);
    }
    if (rest.empty() || found->value.size == 0) {
        std::move(found + 1, end, found);
        --result.size;
    }
    result.entries = entries;
    return result;
}

Node with_entry(const Node& root, std::string_view path, const Entry& entry, OwnMaps& own) {
    const auto [first, rest] = split(path);
    Node result = root;
    Entry* const entries = own.writable(root, 1);
    Entry* const end = entries + root.size;
    Entry* const found = std::ranges::find(entries, end, first, &Entry::key);
    if (found != end) {
        QC_ASSERT(!rest.empty());
        found->value = with_entry(found->value, rest, entry, own);
    } else {
        *end = only_entry(path, entry, own.arena()).map().front();
        ++result.size;
    }
    result.entries = entries;
    return result;
}

Node only_entry(std::string_view path, const Entry& entry, Arena& arena) {
    const auto [first, rest] = split(path);
    Entry moved = entry;
    if (!rest.empty()) {
        moved.value = only_entry(rest, entry, arena);
    }
    const std::string_view name = arena.copy(first);
    moved.key_text = name.data();
    moved.key_size = static_cast<std::uint32_t>(name.size());
    return value::map_node(arena.copy(std::span<const Entry>{&moved, 1}), entry.value.source,
                           entry.value.begin, entry.value.end);
}

}  // namespace quantconf::layers
