#include "layers/interpolate.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "layers/merger.hpp"
#include "layers/references.hpp"
#include "layers/trail.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;
using value::NodeKind;

/// A copy of the children in which some have changed; nothing if none has. `visit(child, index)` gives the
/// new child or nothing.
template <typename Child, typename Visit>
std::optional<std::span<const Child>> rewritten(std::span<const Child> children, Arena& arena,
                                                const Visit& visit) {
    std::vector<Child> copy;  // Made at the first change.
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (const std::optional<Child> changed = visit(children[i], i)) {
            if (copy.empty()) {
                copy.assign(children.begin(), children.end());
            }
            copy[i] = *changed;
        }
    }
    if (copy.empty()) {
        return std::nullopt;
    }
    return arena.copy(std::span<const Child>{copy});
}

/// Copies a tree as far as something in it changes; everything else stays shared.
class Interpolator {
public:
    explicit Interpolator(const Interpolation& interpolation)
        : arena_{interpolation.arena}, references_{interpolation} {}

    /// The new node, or nothing if it stays as it is.
    [[nodiscard]] std::optional<Node> visit(const Node& node, const Field* field, const Trail* trail,
                                            bool is_hidden) {
        std::optional<Node> result = visit_content(node, field, trail, is_hidden);
        if (node.below != nullptr) {
            if (const auto below = visit(*node.below, field, trail, true)) {
                result = result ? result : node;
                result->below = arena_.copy(std::span<const Node>{&*below, 1}).data();
            }
        }
        return result;
    }

private:
    [[nodiscard]] std::optional<Node> visit_content(const Node& node, const Field* field, const Trail* trail,
                                                    bool is_hidden) {
        std::optional<Node> result;
        if (node.kind == NodeKind::Map) {
            const auto entries =
                rewritten(node.map(), arena_, [&](const Entry& entry, std::size_t /*index*/) {
                    return visit_entry(entry, field, trail, is_hidden);
                });
            if (entries) {
                result = node;
                result->entries = entries->data();
            }
        } else if (node.kind == NodeKind::List) {
            const auto items = rewritten(node.list(), arena_, [&](const Node& item, std::size_t index) {
                const Trail here{.parent = trail, .key = {}, .index = index};
                return visit(item, field_of_items(field), &here, is_hidden);
            });
            if (items) {
                result = node;
                result->items = items->data();
            }
        } else if (may_refer(node, field)) {
            result = is_hidden ? unresolved(node) : references_.expand(node, to_path(trail));
        }
        return result;
    }

    [[nodiscard]] std::optional<Entry> visit_entry(const Entry& entry, const Field* field, const Trail* trail,
                                                   bool is_hidden) {
        const Trail here{.parent = trail, .key = entry.key()};
        const auto value = visit(entry.value, field_of_entry(field, entry.key()), &here, is_hidden);
        if (!value) {
            return std::nullopt;
        }
        Entry changed = entry;
        changed.value = *value;
        return changed;
    }

    /// Nobody asks for the value of a hidden reference, so typing sees that there is none.
    [[nodiscard]] static Node unresolved(const Node& node) {
        Node result = node;
        result.op = value::Operator::DeleteIfSet;
        return result;
    }

    Arena& arena_;
    References references_;
};

}  // namespace

Node interpolate(const Interpolation& interpolation) {
    return Interpolator{interpolation}
        .visit(interpolation.merged, &interpolation.schema.root(), nullptr, false)
        .value_or(interpolation.merged);
}

}  // namespace quantconf::layers
