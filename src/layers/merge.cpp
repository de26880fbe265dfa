#include "layers/merge.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "layers/key_index.hpp"
#include "layers/merger.hpp"
#include "layers/report.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;
using value::NodeKind;
using value::Operator;

/// From here on, building an index is cheaper than looking through all keys for each.
constexpr std::size_t kLinearSearchMax = 8;

std::string_view shape_of(const Node& node) {
    switch (node.kind) {
        case NodeKind::Map:
            return "a mapping";
        case NodeKind::List:
            return "a list";
        case NodeKind::Scalar:
            break;
    }
    return "a single value";
}

bool contains_keyed_list(const Field& field) {
    return field.options.merge == ListMerge::ByKey ||
           std::ranges::any_of(field.children, contains_keyed_list);
}

void report_nothing_to_delete(Merger& merger, const Node& node, const Trail* trail) {
    Diagnostic& diagnostic = report(merger.diagnostics, Code::NothingToDelete, to_path(trail),
                                    "expected a value in a lower layer to delete, found none", node.origin());
    diagnostic.hint = "remove this line, or write !delete? if the value need not be there";
}

void report_nothing_to_remove(Merger& merger, const Node& node, const Trail* trail) {
    Diagnostic& diagnostic =
        report(merger.diagnostics, Code::NothingToRemove, to_path(trail),
               "expected a list in a lower layer to remove from, found none", node.origin());
    diagnostic.hint = "remove this line";
}

void report_shape_conflict(Merger& merger, const Node& lower, const Node& upper, const Trail* trail) {
    Diagnostic& diagnostic =
        report_expected(merger.diagnostics, Code::ShapeConflict, to_path(trail), std::string{shape_of(lower)},
                        std::string{shape_of(upper)}, upper.origin());
    diagnostic.related.push_back({lower.origin(), fmt::format("the layer beneath has {}", shape_of(lower))});
    diagnostic.hint = "give both the same shape, or write !replace in front of this value";
}

Node delete_node(Merger& merger, const Node& lower, const Node& upper, const Trail* trail) {
    if (lower.is_deletion() && upper.op == Operator::Delete) {
        report_nothing_to_delete(merger, upper, trail);
    }
    return hide(merger, lower, upper);
}

/// The key of the merged entry stands where its value stands: with the upper layer, unless two maps were
/// joined.
Entry merge_entries(Merger& merger, const Entry& lower, const Entry& upper, const Field* field,
                    const Trail& trail) {
    const Node merged = merge_nodes(merger, lower.value, upper.value, field, &trail);
    const bool is_of_upper = merged.source == upper.value.source && merged.begin == upper.value.begin;
    Entry entry = is_of_upper ? upper : lower;
    entry.value = merged;
    return entry;
}

Node merge_maps(Merger& merger, const Node& lower, const Node& upper, const Field* field,
                const Trail* trail) {
    if (upper.size == 0) {
        if (lower.size > 0 && trail != nullptr) {
            Diagnostic& diagnostic =
                report(merger.diagnostics, Severity::Warning, Code::EmptyMapChangesNothing, to_path(trail),
                       "an empty mapping over one with keys changes nothing", upper.origin());
            diagnostic.related.push_back({lower.origin(), "the keys come from here"});
            diagnostic.hint = "to clear it, write !replace {}";
        }
        const bool says_nothing = lower.size == 0 && lower.source == nullptr && lower.below == nullptr;
        return says_nothing ? upper : lower;
    }
    // At most so many new keys; most layers bring few.
    Entry* const entries = merger.own.writable(lower, upper.size);
    std::uint32_t size = lower.size;

    std::optional<KeyIndex> index;
    if (lower.size > kLinearSearchMax && upper.size > kLinearSearchMax) {
        index.emplace(lower.map());
    }
    const auto position_of = [&](std::string_view key) -> std::optional<std::size_t> {
        if (index) {
            return index->find(key);
        }
        const auto found = std::ranges::find(lower.map(), key, &Entry::key);
        return found == lower.map().end()
                   ? std::nullopt
                   : std::optional{static_cast<std::size_t>(found - lower.map().begin())};
    };
    for (const Entry& entry : upper.map()) {
        const Trail here{.parent = trail, .key = entry.key()};
        if (const auto position = position_of(entry.key())) {
            // Of a broken layer that has a key twice, the second goes on top of the first.
            Entry& merged = entries[*position];
            merged = merge_entries(merger, merged, entry, field_of_entry(field, entry.key()), here);
        } else {
            check_new(merger, entry.value,
                      field_of_entry(merger.has_keyed_lists ? field : nullptr, entry.key()), &here);
            entries[size++] = entry;
        }
    }
    Node result = lower.source == nullptr ? upper : lower;  // A section begins where it was first written.
    result.entries = entries;
    result.size = size;
    result.below = lower.below;
    return result;
}

}  // namespace

const Field* field_of_entry(const Field* field, std::string_view key) {
    if (field == nullptr) {
        return nullptr;
    }
    if (field->type == Type::Struct) {
        return field->member(key);
    }
    return field->type == Type::Map ? &field->element() : nullptr;
}

const Field* field_of_items(const Field* field) {
    return field != nullptr && field->type == Type::List ? &field->element() : nullptr;
}

Node hide(Merger& merger, const Node& lower, const Node& upper) {
    Node result = upper;
    result.below = merger.arena.copy(std::span<const Node>{&lower, 1}).data();
    return result;
}

void check_new(Merger& merger, const Node& node, const Field* field, const Trail* trail) {
    if (node.op == Operator::Delete) {
        report_nothing_to_delete(merger, node, trail);
    } else if (node.op == Operator::Remove) {
        report_nothing_to_remove(merger, node, trail);
    } else if (node.kind == NodeKind::Map) {
        for (const Entry& entry : node.map()) {
            const Trail here{.parent = trail, .key = entry.key()};
            check_new(merger, entry.value, field_of_entry(field, entry.key()), &here);
        }
    } else if (node.kind == NodeKind::List) {
        if (field != nullptr && field->options.merge == ListMerge::ByKey) {
            check_list_keys(merger, node, *field, trail);
        }
        for (std::size_t i = 0; i < node.size; ++i) {
            const Trail here{.parent = trail, .key = {}, .index = i};
            check_new(merger, node.list()[i], field_of_items(field), &here);
        }
    }
}

Node merge_nodes(Merger& merger, const Node& lower, const Node& upper, const Field* field,
                 const Trail* trail) {
    if (upper.below != nullptr) {  // Already merged: what it hides meets `lower`, itself it stays as it is.
        return hide(merger, merge_nodes(merger, lower, *upper.below, field, trail), upper);
    }
    if (upper.is_deletion()) {
        return delete_node(merger, lower, upper, trail);
    }
    const bool both_maps = lower.kind == NodeKind::Map && upper.kind == NodeKind::Map;
    if (both_maps && upper.op != Operator::Replace) {
        return merge_maps(merger, lower, upper, field, trail);
    }
    const bool nothing_beneath = lower.is_deletion() || lower.is_null();
    if (nothing_beneath || upper.op == Operator::Replace) {
        check_new(merger, upper, merger.has_keyed_lists ? field : nullptr, trail);
        return hide(merger, lower, upper);
    }
    if (upper.is_null()) {  // Whether null is a value here is for typing to say.
        return hide(merger, lower, upper);
    }
    if (lower.kind != upper.kind) {
        report_shape_conflict(merger, lower, upper, trail);
        return hide(merger, lower, upper);
    }
    return upper.kind == NodeKind::List ? merge_lists(merger, lower, upper, field, trail)
                                        : hide(merger, lower, upper);
}

Node merge(const Node& lower, const Node& upper, const Field* field, OwnMaps& own, Diagnostics& diagnostics) {
    Merger merger{.own = own,
                  .arena = own.arena(),
                  .diagnostics = diagnostics,
                  .has_keyed_lists = field != nullptr && contains_keyed_list(*field)};
    return merge_nodes(merger, lower, upper, field, nullptr);
}

}  // namespace quantconf::layers
