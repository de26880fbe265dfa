#include "schema/type_tree.hpp"

#include <fmt/format.h>

namespace quantconf::schema {

using value::Node;
using value::NodeKind;

namespace {

NodeKind shape_of(Type type) {
    switch (type) {
        case Type::List:
            return NodeKind::List;
        case Type::Map:
        case Type::Struct:
            return NodeKind::Map;
        default:
            return NodeKind::Scalar;
    }
}

}  // namespace

Value type_tree(Typing& typing, const Node& merged) {
    return TreeWalk{typing, merged}.run();
}

TreeWalk::PathScope::PathScope(std::string& path, std::string_view name) : path_{path}, size_{path.size()} {
    if (size_ > 0) {
        path_ += '.';
    }
    path_ += name;
}

TreeWalk::PathScope::PathScope(std::string& path, std::size_t index) : path_{path}, size_{path.size()} {
    fmt::format_to(std::back_inserter(path_), "[{}]", index);
}

Value TreeWalk::run() {
    const Field& root = typing_.schema.root();
    return walk(&root_, root, root.default_value, {});
}

Value TreeWalk::walk(const Node* node, const Field& field, const Value& inherited, const Anchor& anchor) {
    if (node == nullptr) {
        return walk_unset(field, inherited, anchor);
    }
    if (node->below != nullptr) {
        walk_hidden(*node, field);
    }
    return node->is_deletion() ? walk_unset(field, inherited, anchor)
                               : walk_set(*node, field, inherited, anchor);
}

Value TreeWalk::walk_unset(const Field& field, const Value& inherited, const Anchor& anchor) {
    if (is_required(field)) {
        report_missing(field, anchor);
        return Value::invalid(nullptr);
    }
    if (inherited.is_absent()) {
        return inherited;
    }
    switch (field.type) {  // A default section can still lack what somebody must set.
        case Type::Struct:
            return walk_struct(nullptr, field, inherited, anchor);
        case Type::Map:
            return walk_map(nullptr, field, inherited, anchor);
        default:
            return inherited;
    }
}

Value TreeWalk::walk_set(const Node& node, const Field& field, const Value& inherited, const Anchor& anchor) {
    const NodeKind shape = shape_of(field.type);
    if (shape == NodeKind::Scalar && node.kind == NodeKind::Scalar) {
        return walk_scalar(node, field);
    }
    if (node.is_null()) {
        if (field.nullable) {
            return Value::absent(&node);
        }
        report_null(node, field);
        return Value::invalid(&node);
    }
    if (node.kind != shape) {
        report_shape(node, field);
        return Value::invalid(&node);
    }
    switch (field.type) {
        case Type::Struct:
            return walk_struct(&node, field, inherited, anchor);
        case Type::Map:
            return walk_map(&node, field, inherited, anchor);
        default:
            return walk_list(node, field);
    }
}

Value TreeWalk::walk_scalar(const Node& node, const Field& field) {
    if (!typing_.secret_places.empty() && field.type != Type::Secret) {
        const auto secret = typing_.secret_places.find({node.source, node.begin});
        if (secret != typing_.secret_places.end()) {
            report_shared_secret(node, secret->second);
            return Value::invalid(&node);
        }
    }
    const std::size_t before = typing_.diagnostics.size();
    const Value value = type_scalar(typing_, node, field, path_);
    for (std::size_t i = before; i < typing_.diagnostics.size(); ++i) {
        if (typing_.diagnostics[i].code == Code::NullNotAllowed) {
            add_lower_origin(typing_.diagnostics[i], node);
        }
    }
    return value;
}

void TreeWalk::walk_hidden(const Node& node, const Field& field) {
    ++hidden_depth_;
    const Node* above = &node;
    for (const Node* hidden = node.below; hidden != nullptr; above = hidden, hidden = hidden->below) {
        if (above->includes_below || hidden->is_deletion()) {
            continue;
        }
        const std::size_t before = typing_.diagnostics.size();
        static_cast<void>(walk_set(*hidden, field, Value::absent(), {}));
        for (std::size_t i = before; i < typing_.diagnostics.size(); ++i) {
            typing_.diagnostics[i].related.push_back({above->origin(), above->is_deletion()
                                                                           ? "a higher layer deletes it"
                                                                           : "a higher layer replaces it"});
        }
    }
    --hidden_depth_;
}

}  // namespace quantconf::schema
