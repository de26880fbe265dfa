#include "layers/explain.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/secret_lines.hpp"
#include "format/write.hpp"
#include "layers/merger.hpp"
#include "layers/secret_fields.hpp"
#include "schema/secret_reference.hpp"

namespace quantconf::layers {
namespace {

using value::Entry;
using value::Node;
using value::NodeKind;

/// A secret in plain text, what was pasted behind the prefix of a reference, or, through an alias, the text
/// of a secret field.
bool is_hidden(const Node& node, const Field& field) {
    if (node.source != nullptr && node.source->conceals(node.begin, node.end)) {
        return true;
    }
    if (node.kind != NodeKind::Scalar) {
        return field.type == Type::Secret;
    }
    const std::string_view text = node.scalar();
    if (looks_like_secret_text(text)) {
        return true;
    }
    const bool may_hold_secret = field.type == Type::Secret || (text.starts_with(schema::kSecretPrefix) &&
                                                                !text.starts_with(schema::kSecretEscape));
    return may_hold_secret && !node.is_null() && !is_secret_reference(text);
}

/// A node on one line, as it stands in its layer. Secrets inside it are not shown.
std::string written(const Node& node, const Field& field) {
    if (is_hidden(node, field)) {
        return std::string{kNotShown};
    }
    switch (node.kind) {
        case NodeKind::Scalar:
            return std::string{node.scalar()};
        case NodeKind::List: {
            const Field* item = field_of_items(&field);
            std::vector<std::string> items;
            for (const Node& child : node.list()) {
                items.push_back(item == nullptr ? std::string{kNotShown} : written(child, *item));
            }
            return fmt::format("[{}]", fmt::join(items, ", "));
        }
        case NodeKind::Map:
            break;
    }
    std::vector<std::string> entries;
    for (const Entry& entry : node.map()) {
        const Field* child = field_of_entry(&field, entry.key());
        entries.push_back(fmt::format(
            "{}: {}", entry.key(), child == nullptr ? std::string{kNotShown} : written(entry.value, *child)));
    }
    return fmt::format("{{{}}}", fmt::join(entries, ", "));
}

std::string_view name_of_operator(value::Operator op) {
    switch (op) {
        case value::Operator::Append:
            return "!append ";
        case value::Operator::Prepend:
            return "!prepend ";
        case value::Operator::Remove:
            return "!remove ";
        default:
            return "";
    }
}

/// The items that this layer itself has written: a merged list also holds those from beneath.
Node own_part(const Node& node, std::vector<Node>& items) {
    if (node.kind != NodeKind::List || !node.includes_below) {
        return node;
    }
    for (const Node& item : node.list()) {
        if (item.source == node.source && item.begin >= node.begin && item.end <= node.end) {
            items.push_back(item);
        }
    }
    return value::list_node(items, node.source, node.begin, node.end);
}

class Explanation {
public:
    explicit Explanation(const Schema& schema, std::string_view path) : schema_{schema}, path_{path} {}

    [[nodiscard]] std::vector<SetBy> of_leaf(const Node& root, const Field& field) {
        collect(root, path_, field);
        add_default(field);
        return std::move(set_by_);
    }

    /// Each layer that sets anything in the section, at the first place where it does.
    [[nodiscard]] std::vector<SetBy> of_section(const Candidate& candidate, const Field& field) {
        std::vector<const Node*> leaves;
        collect_leaves(candidate.merged, path_, leaves);
        std::vector<const Source*> order;
        for (auto layer = candidate.layers.rbegin(); layer != candidate.layers.rend(); ++layer) {
            order.push_back(layer->source.get());
        }
        for (const Source* source : order) {
            const Node* first = nullptr;
            for (const Node* leaf : leaves) {
                if (leaf->source == source && (first == nullptr || leaf->begin < first->begin)) {
                    first = leaf;
                }
            }
            if (first != nullptr) {
                add(*first, {});
            }
        }
        add_default(field);
        return std::move(set_by_);
    }

private:
    /// Every node that stands or stood at the rest of the path, the winning one first.
    void collect(const Node& top, std::string_view rest, const Field& field) {
        for (const Node* node = &top; node != nullptr; node = node->below) {
            if (rest.empty()) {
                std::vector<Node> items;
                add(*node,
                    fmt::format("{}{}", name_of_operator(node->op), written(own_part(*node, items), field)));
            } else if (node->kind == NodeKind::Map) {
                const auto dot = std::min(rest.find('.'), rest.size());
                if (const Entry* entry = node->find(rest.substr(0, dot))) {
                    collect(entry->value, rest.substr(std::min(dot + 1, rest.size())), field);
                } else if (node->op == value::Operator::Replace && node->below != nullptr) {
                    add(*node, {});  // Replacing the section took the value away.
                    set_by_.back().is_deletion = true;
                }
            } else if (node->is_deletion() || node->is_null()) {
                add(*node, {});
                set_by_.back().is_deletion = true;
            }
        }
    }

    static void collect_leaves(const Node& node, std::string_view rest, std::vector<const Node*>& leaves) {
        if (rest.empty()) {
            collect_all(node, leaves);
        } else if (node.kind == NodeKind::Map) {
            const auto dot = std::min(rest.find('.'), rest.size());
            if (const Entry* entry = node.find(rest.substr(0, dot))) {
                for (const Node* child = &entry->value; child != nullptr; child = child->below) {
                    collect_leaves(*child, rest.substr(std::min(dot + 1, rest.size())), leaves);
                }
            }
        } else {
            leaves.push_back(&node);
        }
    }

    static void collect_all(const Node& node, std::vector<const Node*>& leaves) {
        if (node.kind != NodeKind::Map) {
            leaves.push_back(&node);
            return;
        }
        for (const Entry& entry : node.map()) {
            for (const Node* child = &entry.value; child != nullptr; child = child->below) {
                collect_all(*child, leaves);
            }
        }
    }

    void add(const Node& node, std::string text) {
        SetBy set_by;
        if (node.source != nullptr) {
            set_by.layer = node.source->layer();
            set_by.location = node.source->name();
            if (node.source->kind() == Source::Kind::File) {
                set_by.position = node.source->position(node.begin);
            }
        }
        set_by.written = std::move(text);
        set_by.is_deletion = node.is_deletion();
        set_by.wins = set_by_.empty() && !set_by.is_deletion;
        set_by_.push_back(std::move(set_by));
    }

    /// The value that holds when nobody sets one; a required field has none.
    void add_default(const Field& field) {
        if (field.options.required) {
            return;
        }
        const bool is_section = field.type == Type::Struct || field.type == Type::Map;
        SetBy set_by{.layer = "default", .location = {}, .position = {}, .written = {}};
        set_by.written = is_section ? std::string{} : shown(default_at(path_));
        set_by.wins = set_by_.empty() || set_by_.front().is_deletion;
        set_by_.push_back(std::move(set_by));
    }

    /// A key of a map that the defaults do not have starts from the default of the map's element.
    [[nodiscard]] Value default_at(std::string_view rest) const {
        const Field* field = &schema_.root();
        Value value = field->default_value;
        while (!rest.empty() && field != nullptr) {
            const auto dot = std::min(rest.find('.'), rest.size());
            const Value* member =
                value.kind() == Value::Kind::Map ? value.find(rest.substr(0, dot)) : nullptr;
            field = field_of_entry(field, rest.substr(0, dot));
            value = member != nullptr ? *member : field != nullptr ? field->default_value : Value::absent();
            rest.remove_prefix(std::min(dot + 1, rest.size()));
        }
        return value;
    }

    static std::string shown(const Value& value) {
        return value.is_absent() ? "null" : format::to_display(value);
    }

    const Schema& schema_;
    std::string_view path_;
    std::vector<SetBy> set_by_;
};

}  // namespace

bool looks_like_secret_text(std::string_view text) {
    return text.find_first_of(":=") != std::string_view::npos && !text.starts_with(schema::kSecretPrefix) &&
           !suspected_secrets(*Source::make(Source::Kind::Option, "text", "text", std::string{text})).empty();
}

std::optional<std::vector<SetBy>> explain(const Candidate& candidate, const Schema& schema,
                                          std::string_view path) {
    const Field* field = schema.find(path);
    if (field == nullptr || path.contains('[')) {
        return std::nullopt;
    }
    Explanation explanation{schema, path};
    const bool is_section = field->type == Type::Struct || field->type == Type::Map;
    return is_section ? explanation.of_section(candidate, *field)
                      : explanation.of_leaf(candidate.merged, *field);
}

}  // namespace quantconf::layers
