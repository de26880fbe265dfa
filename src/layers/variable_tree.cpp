#include "layers/variable_tree.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>

#include <fmt/format.h>

#include "layers/report.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;

/// A place of the tree while it grows: it has either a value or places below.
struct Branch {
    Step step;
    const Placed* first = nullptr;  ///< The first value here or below: where the branch begins.
    const Placed* value = nullptr;
    std::vector<Branch> below;
    std::map<Step, std::size_t> places;  ///< In `below`: thousands of variables may share a section.

    Branch& child(const Step& wanted, const Placed& placed) {
        const auto [found, is_new] = places.try_emplace(wanted, below.size());
        return is_new
                   ? below.emplace_back(Branch{.step = wanted, .first = &placed, .below = {}, .places = {}})
                   : below[found->second];
    }
};

class TreeBuilder {
public:
    TreeBuilder(Arena& arena, Diagnostics& diagnostics) : arena_{arena}, diagnostics_{diagnostics} {}

    void add(const Placed& placed) {
        Branch* branch = &root_;
        for (const Step& step : placed.steps) {
            if (branch->value != nullptr) {
                report_twice(*branch->value, placed);
                return;
            }
            branch = &branch->child(step, placed);
        }
        if (branch->value != nullptr || !branch->below.empty()) {
            report_twice(*branch->first, placed);
            return;
        }
        branch->value = &placed;
    }

    [[nodiscard]] Node build() { return node_of(root_); }

private:
    void report_twice(const Placed& first, const Placed& second) {
        Diagnostic& diagnostic = report(diagnostics_, Code::VariableSetTwice, to_path(second.steps),
                                        fmt::format("{} and {} both set this value", first.name, second.name),
                                        second.node.origin());
        diagnostic.related.push_back({first.node.origin(), "the other one"});
        diagnostic.hint = "unset one of them";
    }

    [[nodiscard]] Node node_of(Branch& branch) {
        if (branch.value != nullptr) {
            return branch.value->node;
        }
        if (!branch.below.empty() && branch.below.front().step.index) {
            return list_of(branch);
        }
        std::vector<Entry> entries;
        entries.reserve(branch.below.size());
        for (Branch& child : branch.below) {
            const std::string_view key = arena_.copy(child.step.key);
            const Node& place = child.first->node;
            entries.push_back({.key_text = key.data(),
                               .key_size = static_cast<std::uint32_t>(key.size()),
                               .key_begin = place.begin,
                               .key_end = place.end,
                               .key_source = place.source,
                               .value = node_of(child)});
        }
        return placed_like(branch,
                           value::map_node(arena_.copy(std::span<const Entry>{entries}), nullptr, 0, 0));
    }

    [[nodiscard]] Node list_of(Branch& branch) {
        std::ranges::sort(branch.below, {}, [](const Branch& child) { return *child.step.index; });
        std::vector<Node> items;
        items.reserve(branch.below.size());
        for (Branch& child : branch.below) {
            if (*child.step.index != items.size()) {
                Diagnostic& diagnostic =
                    report(diagnostics_, Code::ListGap, to_path(child.first->steps),
                           fmt::format("expected item {} of the list first, found item {}", items.size(),
                                       *child.step.index),
                           child.first->node.origin());
                diagnostic.hint =
                    fmt::format("{} is set: number the items from 0 without a gap", child.first->name);
                break;
            }
            items.push_back(node_of(child));
        }
        return placed_like(branch,
                           value::list_node(arena_.copy(std::span<const Node>{items}), nullptr, 0, 0));
    }

    static Node placed_like(const Branch& branch, Node node) {
        if (branch.first != nullptr) {
            node.source = branch.first->node.source;
            node.begin = branch.first->node.begin;
            node.end = branch.first->node.end;
        }
        return node;
    }

    Arena& arena_;
    Diagnostics& diagnostics_;
    Branch root_;
};

}  // namespace

Node build_tree(const std::vector<Placed>& values, Arena& arena, Diagnostics& diagnostics) {
    TreeBuilder builder{arena, diagnostics};
    for (const Placed& placed : values) {
        builder.add(placed);
    }
    return builder.build();
}

}  // namespace quantconf::layers
