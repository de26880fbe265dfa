#include "layers/key_case.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "format/key_index.hpp"
#include "layers/merger.hpp"
#include "layers/report.hpp"
#include "layers/trail.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;
using value::NodeKind;

bool has_free_keys(const Field& field) {
    return field.type == Type::Map && field.options.keys.empty();
}

bool contains_free_keys(const Field& field) {
    return has_free_keys(field) || std::ranges::any_of(field.children, contains_free_keys);
}

class KeyCaseCheck {
public:
    explicit KeyCaseCheck(Diagnostics& diagnostics) : diagnostics_{diagnostics} {}

    /// `defaults` is what the schema has at this place, or nullptr.
    void visit(const Node& node, const Field& field, const Value* defaults, const Trail* trail) {
        if (node.kind == NodeKind::List && field.type == Type::List && contains_free_keys(field)) {
            for (std::size_t i = 0; i < node.size; ++i) {
                const Trail here{.parent = trail, .key = {}, .index = i};
                visit(node.list()[i], field.element(), &field.element().default_value, &here);
            }
        } else if (node.kind == NodeKind::Map && (field.type == Type::Struct || field.type == Type::Map)) {
            if (has_free_keys(field)) {
                check(node, defaults, trail);
            }
            visit_entries(node, field, defaults, trail);
        }
    }

private:
    void visit_entries(const Node& node, const Field& field, const Value* defaults, const Trail* trail) {
        for (const Entry& entry : node.map()) {
            const Field* child =
                entry.value.kind == NodeKind::Scalar ? nullptr : field_of_entry(&field, entry.key());
            if (child == nullptr) {
                continue;
            }
            const Value* inherited = is_map(defaults) ? defaults->find(entry.key()) : nullptr;
            const Trail here{.parent = trail, .key = entry.key()};
            visit(entry.value, *child, inherited == nullptr ? &child->default_value : inherited, &here);
        }
    }

    void check(const Node& node, const Value* defaults, const Trail* trail) {
        const auto inherited = is_map(defaults) ? defaults->members() : std::span<const Member>{};
        const auto is_of_one_source = [&](const Entry& entry) {
            return entry.key_source == node.map().front().key_source;
        };
        if (node.size == 0 || (inherited.empty() && std::ranges::all_of(node.map(), is_of_one_source))) {
            return;
        }
        std::vector<Entry> keys;
        keys.reserve(inherited.size() + node.size);
        for (const Member& member : inherited) {
            keys.push_back({.key_text = member.name.data(),
                            .key_size = static_cast<std::uint32_t>(member.name.size()),
                            .value = {}});
        }
        std::ranges::copy_if(node.map(), std::back_inserter(keys),
                             [](const Entry& entry) { return !entry.value.is_deletion(); });
        index_.reset(keys.size());
        for (std::uint32_t i = 0; i < keys.size(); ++i) {
            const std::uint32_t earlier = index_.add(keys, i);
            if (earlier != format::KeyIndex::kNone && keys[earlier].key() != keys[i].key()) {
                report_clash(keys[earlier], keys[i], trail);
            }
        }
    }

    void report_clash(const Entry& earlier, const Entry& later, const Trail* trail) {
        const Trail here{.parent = trail, .key = later.key()};
        Diagnostic& diagnostic = report(
            diagnostics_, Code::KeysDifferInCase, to_path(&here),
            fmt::format("expected keys that differ in more than case, found {} beside {}{}", later.key(),
                        earlier.key(), earlier.key_source == nullptr ? ", which the defaults have" : ""),
            later.key_origin());
        if (earlier.key_source != nullptr) {
            diagnostic.related.push_back({earlier.key_origin(), "first set here"});
        }
        diagnostic.hint = fmt::format("write {} in every layer", earlier.key());
    }

    static bool is_map(const Value* value) { return value != nullptr && value->kind() == Value::Kind::Map; }

    Diagnostics& diagnostics_;
    format::KeyIndex index_;
};

}  // namespace

void check_key_case(const Node& merged, const Schema& schema, Diagnostics& diagnostics) {
    if (contains_free_keys(schema.root())) {
        KeyCaseCheck{diagnostics}.visit(merged, schema.root(), &schema.defaults(), nullptr);
    }
}

}  // namespace quantconf::layers
