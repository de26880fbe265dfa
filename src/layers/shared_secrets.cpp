#include "layers/shared_secrets.hpp"

#include <string>

#include <fmt/format.h>

#include "layers/merger.hpp"
#include "layers/secret_fields.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;
using value::NodeKind;

/// Where a scalar begins in its source. Every alias of an anchor has the place of the anchor's text.
using Place = schema::SecretPlaces::key_type;

std::string joined(const std::string& path, std::string_view key) {
    return path.empty() ? std::string{key} : fmt::format("{}.{}", path, key);
}

/// The entries of a merged map know what they hide themselves: only a map that was not merged is looked at
/// again.
const Node* next_below(const Node& node) {
    const bool is_merged = node.kind == NodeKind::Map && node.below != nullptr &&
                           node.below->kind == NodeKind::Map && node.op != value::Operator::Replace;
    return is_merged ? next_below(*node.below) : node.below;
}

/// Every scalar that the schema has a field for, of all layers. What stands somewhere below a secret field,
/// where only a text belongs, counts as that field's.
template <typename Visit>
void for_each_scalar(const Node& top, const Field& field, const std::string& path, const Visit& visit) {
    for (const Node* node = &top; node != nullptr; node = next_below(*node)) {
        const bool is_secret = field.type == Type::Secret;
        if (node->kind == NodeKind::Map) {
            for (const Entry& entry : node->map()) {
                const Field* child = is_secret ? &field : field_of_entry(&field, entry.key());
                if (child != nullptr) {
                    for_each_scalar(entry.value, *child, joined(path, entry.key()), visit);
                }
            }
        } else if (node->kind == NodeKind::List) {
            const Field* child = is_secret ? &field : field_of_items(&field);
            for (std::size_t i = 0; child != nullptr && i < node->list().size(); ++i) {
                for_each_scalar(node->list()[i], *child, fmt::format("{}[{}]", path, i), visit);
            }
        } else if (!node->is_null() && !node->is_deletion()) {
            visit(*node, field, Place{node->source, node->begin}, path);
        }
    }
}

}  // namespace

schema::SecretPlaces shared_secrets(const Node& root, const Field& schema) {
    schema::SecretPlaces secrets;
    if (!contains_secret(schema)) {
        return secrets;
    }
    for_each_scalar(
        root, schema, {},
        [&](const Node& node, const Field& field, const Place& place, const std::string& path) {
            if (field.type == Type::Secret && !node.scalar().empty() && !is_secret_reference(node.scalar())) {
                secrets.emplace(place, path);
            }
        });
    schema::SecretPlaces shared;
    for_each_scalar(
        root, schema, {},
        [&](const Node& /*node*/, const Field& field, const Place& place, const std::string& /*path*/) {
            const auto secret = field.type == Type::Secret ? secrets.end() : secrets.find(place);
            if (secret != secrets.end()) {
                shared.insert(*secret);
            }
        });
    return shared;
}

}  // namespace quantconf::layers
