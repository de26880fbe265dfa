#include "schema/json_schema_describe.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/secret_reference.hpp"

namespace quantconf::schema {

namespace {

/// A scalar's text, or the piece of the file that a list or a mapping stands on.
std::string as_written(Reading& reading, const value::Node& node) {
    if (node.kind == value::NodeKind::Scalar) {
        return std::string{node.scalar()};
    }
    return std::string{reading.document().source->text().substr(node.begin, node.end - node.begin)};
}

bool is_reference(const value::Node& node) {
    return node.kind == value::NodeKind::Scalar && parse_secret_reference(node.scalar()).has_value();
}

}  // namespace

void read_documentation(Reading& reading, const Keywords& keywords, Field& field, std::string_view path) {
    Options& options = field.options;
    for (const std::string_view name : {"title", "description"}) {
        if (const value::Node* node = keywords.find(name)) {
            options.help = reading.text(*node, path, name).value_or("");
        }
    }
    const std::string unit = fmt::format("[{}]", options.unit);
    if (!options.unit.empty() && options.help.ends_with(unit)) {
        options.help.resize(options.help.size() - unit.size());
        options.help.erase(options.help.find_last_not_of(' ') + 1);
    }
    if (const value::Node* node = keywords.find("deprecated");
        node != nullptr && reading.flag(*node, path, "deprecated")) {
        options.help = fmt::format("Deprecated. {}", options.help);
    }
    if (const value::Node* node = keywords.find("examples");
        node != nullptr && reading.is_list(*node, path, "examples")) {
        for (const value::Node& example : node->list()) {
            if (field.type == Type::Secret && !is_reference(example)) {
                reading.document().source->conceal(example.begin, example.end);
                reading.wrong(example.origin(), path, "examples: an example of a secret is a reference",
                              "secrets do not belong into a schema; write \"SECURE:name\"");
                continue;
            }
            options.examples.push_back(as_written(reading, example));
        }
    }
}

void read_keys(Reading& reading, const Keywords& keywords, Field& field, std::string_view path) {
    const value::Node* names = keywords.find("propertyNames");
    if (names == nullptr || !reading.is_mapping(*names, path, "propertyNames")) {
        return;
    }
    const value::Entry* list = names->find("enum");
    if (list == nullptr || names->map().size() != 1) {
        reading.wrong(names->origin(), path, "propertyNames: expected {\"enum\": [...]} and nothing else");
        return;
    }
    field.options.keys = reading.texts(list->value, path, "propertyNames");
    if (field.options.keys.empty()) {
        reading.wrong(list->value.origin(), path, "propertyNames: expected at least one key");
    }
}

void check_closed(Reading& reading, const Keywords& keywords, std::string_view path) {
    const value::Node* additional = keywords.find("additionalProperties");
    if (additional != nullptr && (additional->kind != value::NodeKind::Scalar ||
                                  reading.flag(*additional, path, "additionalProperties"))) {
        reading.wrong(additional->origin(), path,
                      "additionalProperties: expected false beside fixed properties",
                      "an unknown key is always an error; keys of the user's choice need a mapping of "
                      "their own");
    }
    const value::Node* patterns = keywords.find("patternProperties");
    if (patterns != nullptr && reading.is_mapping(*patterns, path, "patternProperties")) {
        const value::Entry* notes = patterns->find("^x-");
        const bool is_true = notes != nullptr && notes->value.kind == value::NodeKind::Scalar &&
                             !notes->value.is_quoted() && notes->value.scalar() == "true";
        if (!is_true || patterns->map().size() != 1) {
            reading.wrong(patterns->origin(), path,
                          "patternProperties: expected {\"^x-\": true} and nothing else");
        }
    }
}

void read_required(Reading& reading, const Keywords& keywords, Field& section, std::string_view path) {
    const value::Node* properties = keywords.find("properties");
    const value::Node* required = keywords.find("required");
    if (required == nullptr || !reading.is_list(*required, path, "required")) {
        return;
    }
    if (required->list().size() > kTextsMax) {
        reading.wrong(required->origin(), path,
                      fmt::format("required: expected at most {} names, found more", kTextsMax));
        return;
    }
    for (const value::Node& item : required->list()) {
        const auto name = reading.text(item, path, "required");
        if (!name) {
            continue;
        }
        const auto member = std::ranges::find(section.children, *name, &Field::name);
        if (member != section.children.end()) {
            member->options.required = true;
        } else if (properties == nullptr || properties->kind != value::NodeKind::Map ||
                   properties->find(*name) == nullptr) {
            reading.wrong(item.origin(), path,
                          fmt::format("required: there is no property {}", quoted(*name)));
        }
    }
}

void refuse_operators(Reading& reading, const value::Node& node) {
    if (node.op != value::Operator::None) {
        reading.wrong(node.origin(), {}, "an operator has no meaning in a schema file");
    }
    if (node.kind == value::NodeKind::List) {
        for (const value::Node& item : node.list()) {
            refuse_operators(reading, item);
        }
    } else if (node.kind == value::NodeKind::Map) {
        for (const value::Entry& entry : node.map()) {
            refuse_operators(reading, entry.value);
        }
    }
}

}  // namespace quantconf::schema
