#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

#include "layers/merger.hpp"
#include "layers/report.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;
using value::NodeKind;
using value::Operator;

/// Quotes make a difference where typing sees one: "5" is not a number. Between texts they do not.
bool is_text_type(const Field* field) {
    static constexpr std::array kTexts{Type::String, Type::Enum, Type::Duration, Type::Size,
                                       Type::Url,    Type::Host, Type::TimeZone};
    return field != nullptr && std::ranges::find(kTexts, field->type) != kTexts.end();
}

/// The scalars of a list, to find repetitions in constant time.
class ScalarSet {
public:
    explicit ScalarSet(const Field* item_field) : quotes_matter_{!is_text_type(item_field)} {}

    /// Whether it was new. What is not a scalar always is.
    bool insert(const Node& item) {
        if (item.kind != NodeKind::Scalar) {
            return true;
        }
        auto& texts = quotes_matter_ && item.is_quoted() ? quoted_ : plain_;
        return texts.insert(item.scalar()).second;
    }

private:
    bool quotes_matter_;
    std::unordered_set<std::string_view> plain_;
    std::unordered_set<std::string_view> quoted_;
};

/// What identifies an item of a keyed list; nothing if it does not say.
std::optional<std::string_view> id_of(const Node& item, const Field& field) {
    const Entry* entry = item.find(field.options.merge_key);
    if (entry == nullptr || entry->value.kind != NodeKind::Scalar || entry->value.is_null()) {
        return std::nullopt;
    }
    return entry->value.scalar();
}

Node with_items(Merger& merger, const Node& node, const std::vector<Node>& items) {
    Node result = node;
    const auto kept = merger.arena.copy(std::span<const Node>{items});
    result.items = kept.data();
    result.size = static_cast<std::uint32_t>(kept.size());
    return result;
}

/// Merges items that a keyed list already has in place, and returns the new ones.
std::vector<Node> take_in_by_key(Merger& merger, std::vector<Node>& items, const Node& upper,
                                 const Field& field, const Trail* trail) {
    std::unordered_map<std::string_view, std::size_t> known;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (const auto id = id_of(items[i], field)) {
            known.emplace(*id, i);
        }
    }
    std::vector<Node> added;
    for (std::size_t i = 0; i < upper.size; ++i) {
        const Node& item = upper.list()[i];
        const Trail here{.parent = trail, .key = {}, .index = i};
        const auto id = id_of(item, field);
        if (const auto found = id ? known.find(*id) : known.end(); found != known.end()) {
            Node& merged = items[found->second];
            merged = merge_nodes(merger, merged, item, field_of_items(&field), &here);
        } else {
            check_new(merger, item, field_of_items(&field), &here);
            added.push_back(item);
        }
    }
    return added;
}

/// The items that are to be added: all of them, or for a list without repetitions those that it does not
/// have.
std::vector<Node> take_in(Merger& merger, const std::vector<Node>& items, const Node& upper,
                          const Field* field, const Trail* trail) {
    const bool is_unique = field != nullptr && field->options.merge == ListMerge::Unique;
    ScalarSet seen{field_of_items(field)};
    if (is_unique) {
        for (const Node& item : items) {
            seen.insert(item);
        }
    }
    std::vector<Node> added;
    for (std::size_t i = 0; i < upper.size; ++i) {
        const Trail here{.parent = trail, .key = {}, .index = i};
        if (!is_unique || seen.insert(upper.list()[i])) {
            check_new(merger, upper.list()[i], field_of_items(field), &here);
            added.push_back(upper.list()[i]);
        }
    }
    return added;
}

Node join(Merger& merger, const Node& lower, const Node& upper, const Field* field, const Trail* trail) {
    const bool by_key = field != nullptr && field->options.merge == ListMerge::ByKey;
    if (by_key) {
        check_list_keys(merger, upper, *field, trail);
    }
    std::vector<Node> items{lower.list().begin(), lower.list().end()};
    const std::vector<Node> added = by_key ? take_in_by_key(merger, items, upper, *field, trail)
                                           : take_in(merger, items, upper, field, trail);
    items.insert(upper.op == Operator::Prepend ? items.begin() : items.end(), added.begin(), added.end());

    Node result = hide(merger, lower, with_items(merger, upper, items));
    result.includes_below = true;
    return result;
}

/// The text by which !remove names an item: a scalar's own, a keyed item's key.
std::optional<std::string_view> name_of_item(const Node& item, const Field* field) {
    if (item.kind == NodeKind::Scalar) {
        return item.scalar();
    }
    return field != nullptr && field->options.merge == ListMerge::ByKey ? id_of(item, *field) : std::nullopt;
}

/// What is taken out counts no more, so it need not be right either.
Node remove(Merger& merger, const Node& lower, const Node& upper, const Field* field, const Trail* trail) {
    std::unordered_map<std::string_view, bool> wanted;  // Name -> whether the list has it.
    for (const Node& operand : upper.list()) {
        if (operand.kind == NodeKind::Scalar) {
            wanted.emplace(operand.scalar(), false);
        }
    }
    std::vector<Node> left;
    for (const Node& item : lower.list()) {
        const auto name = name_of_item(item, field);
        const auto found = name ? wanted.find(*name) : wanted.end();
        if (found == wanted.end()) {
            left.push_back(item);
        } else {
            found->second = true;
        }
    }
    for (std::size_t i = 0; i < upper.size; ++i) {
        const Node& operand = upper.list()[i];
        if (operand.kind == NodeKind::Scalar && wanted[operand.scalar()]) {
            continue;
        }
        const Trail here{.parent = trail, .key = {}, .index = i};
        Diagnostic& diagnostic = report(
            merger.diagnostics, Code::NothingToRemove, to_path(&here),
            "expected an item of the lower layers' list, found one that is not in it", operand.origin());
        diagnostic.related.push_back({lower.origin(), "the list to remove from"});
        diagnostic.hint = "correct the item, or take it out of the !remove list";
    }
    Node result = hide(merger, lower, with_items(merger, upper, left));
    result.includes_below = true;
    return result;
}

}  // namespace

void check_list_keys(Merger& merger, const Node& list, const Field& field, const Trail* trail) {
    std::unordered_map<std::string_view, const Node*> seen;
    for (std::size_t i = 0; i < list.size; ++i) {
        const Node& item = list.list()[i];
        if (item.kind != NodeKind::Map) {
            continue;  // Typing says what shape an item has.
        }
        const Trail here{.parent = trail, .key = {}, .index = i};
        const auto id = id_of(item, field);
        if (!id) {
            report(merger.diagnostics, Code::WrongShape, to_path(&here),
                   fmt::format("expected an item with the key {}, which says what it merges with, found none",
                               field.options.merge_key),
                   item.origin());
            continue;
        }
        const auto [first, is_new] = seen.emplace(*id, &item);
        if (!is_new) {
            const Node& id_node = item.find(field.options.merge_key)->value;
            Diagnostic& diagnostic =
                report(merger.diagnostics, Code::DuplicateListKey, to_path(&here),
                       fmt::format("two items of one layer have the same {}", field.options.merge_key),
                       id_node.origin());
            diagnostic.related.push_back(
                {first->second->find(field.options.merge_key)->value.origin(), "the first one"});
            diagnostic.hint = "join them into one item, or give one another key";
        }
    }
}

Node merge_lists(Merger& merger, const Node& lower, const Node& upper, const Field* field,
                 const Trail* trail) {
    const bool joins = upper.op == Operator::Append || upper.op == Operator::Prepend ||
                       (upper.op == Operator::None && field != nullptr && field->type == Type::List &&
                        field->options.merge != ListMerge::Replace);
    if (joins) {
        return join(merger, lower, upper, field, trail);
    }
    if (upper.op == Operator::Remove) {
        return remove(merger, lower, upper, field, trail);
    }
    check_new(merger, upper, merger.has_keyed_lists ? field : nullptr, trail);
    return hide(merger, lower, upper);
}

}  // namespace quantconf::layers
