#include <algorithm>
#include <numeric>

#include "schema/type_tree.hpp"

namespace quantconf::schema {

using value::Entry;
using value::Node;

Value TreeWalk::pop_map(std::size_t first, const Node* node) {
    const auto members = typing_.arena.copy(std::span<const Member>{members_}.subspan(first));
    members_.resize(first);
    return Value::map(members, node);
}

// The stacks are addressed by index: a nested section may make them grow and move.

Value TreeWalk::walk_struct(const Node* node, const Field& field, const Value& inherited,
                            const Anchor& anchor) {
    const std::size_t first_entry = entries_.size();
    entries_.resize(first_entry + field.children.size(), nullptr);
    if (node != nullptr) {
        match_members(*node, field, first_entry);
    }
    const auto defaults = (inherited.is_absent() ? field.default_value : inherited).members();
    const std::size_t first = members_.size();
    for (std::size_t i = 0; i < field.children.size(); ++i) {
        const Field& member = field.children[i];
        const Entry* entry = entries_[first_entry + i];
        const PathScope scope{path_, member.name};
        const Value value = entry == nullptr
                                ? walk(nullptr, member, defaults[i].value, anchor)
                                : walk(&entry->value, member, defaults[i].value, {.entry = entry});
        members_.push_back({member.name, value});
    }
    entries_.resize(first_entry);
    return pop_map(first, node);
}

/// Puts each entry beside its member, on entries_ from `first` on.
void TreeWalk::match_members(const Node& node, const Field& field, std::size_t first) {
    std::size_t next = 0;  // People and programs mostly write keys in the order of the schema.
    for (const Entry& entry : node.map()) {
        if (entry.key().starts_with("x-")) {
            continue;  // Free for anchors and notes.
        }
        const bool is_next = next < field.children.size() && field.children[next].name == entry.key();
        if (const Field* member = is_next ? &field.children[next] : field.member(entry.key())) {
            const auto position = static_cast<std::size_t>(member - field.children.data());
            entries_[first + position] = &entry;
            next = position + 1;
        } else {
            report_unknown_key(entry, field);
        }
    }
}

Value TreeWalk::walk_map(const Node* node, const Field& field, const Value& inherited, const Anchor& anchor) {
    const Field& element = field.element();
    const auto defaults = inherited.is_absent() ? std::span<const Member>{} : inherited.members();
    const std::size_t first_entry = entries_.size();
    entries_.resize(first_entry + defaults.size(), nullptr);
    if (node != nullptr) {
        match_keys(*node, field, defaults, first_entry);
    }
    const std::size_t end_entry = entries_.size();
    const std::size_t first = members_.size();
    for (std::size_t i = first_entry; i < end_entry; ++i) {
        const Entry* entry = entries_[i];
        const bool has_default = i - first_entry < defaults.size();
        const std::string_view key = has_default ? defaults[i - first_entry].name : entry->key();
        const Value& start = has_default ? defaults[i - first_entry].value : element.default_value;
        const PathScope scope{path_, key};
        if (entry == nullptr) {
            members_.push_back({key, walk(nullptr, element, start, anchor)});
        } else if (entry->value.is_deletion() && !has_default) {
            walk_hidden(entry->value, element);
        } else {
            members_.push_back({key, walk(&entry->value, element, start, {.entry = entry})});
        }
    }
    entries_.resize(first_entry);
    if (node != nullptr) {
        check_length(*node, field, members_.size() - first);
    }
    return pop_map(first, node);
}

/// Puts each entry beside the inherited one with its key, on entries_ from `first` on, and new ones behind.
void TreeWalk::match_keys(const Node& node, const Field& field, std::span<const Member> inherited,
                          std::size_t first) {
    std::vector<std::size_t> by_name(inherited.size());
    std::iota(by_name.begin(), by_name.end(), std::size_t{0});
    const auto name_at = [inherited](std::size_t index) { return inherited[index].name; };
    std::ranges::sort(by_name, {}, name_at);

    const auto& keys = field.options.keys;
    for (const Entry& entry : node.map()) {
        if (!keys.empty() && std::ranges::find(keys, entry.key()) == keys.end()) {
            report_unknown_key(entry, field);
            continue;
        }
        const auto found = std::ranges::lower_bound(by_name, entry.key(), {}, name_at);
        if (found != by_name.end() && name_at(*found) == entry.key()) {
            entries_[first + *found] = &entry;
        } else {
            entries_.push_back(&entry);
        }
    }
}

Value TreeWalk::walk_list(const Node& node, const Field& field) {
    const Field& element = field.element();
    const std::size_t first = items_.size();
    std::size_t index = 0;
    for (const Node& item : node.list()) {
        const PathScope scope{path_, index++};
        const Value value = walk(&item, element, element.default_value, {.item = &item});
        items_.push_back(value);
    }
    const auto items = typing_.arena.copy(std::span<const Value>{items_}.subspan(first));
    items_.resize(first);
    check_length(node, field, items.size());
    if (field.options.merge == ListMerge::Unique) {
        check_unique(node, items);
    }
    return Value::list(items, &node);
}

}  // namespace quantconf::schema
