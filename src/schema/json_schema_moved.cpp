#include "schema/json_schema_moved.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/json_writer.hpp"

namespace quantconf::schema {

namespace {

/// Takes the first name off a dotted path.
std::string_view next_segment(std::string_view& path) {
    const auto dot = std::min(path.find('.'), path.size());
    const std::string_view segment = path.substr(0, dot);
    path.remove_prefix(std::min(dot + 1, path.size()));
    return segment;
}

/// "trading.max" -> "#/properties/trading/properties/max"; the keys of a map share one schema.
std::string pointer_to(const Schema& schema, std::string_view path) {
    std::string pointer = "#";
    const Field* field = &schema.root();
    while (!path.empty() && field != nullptr) {
        const std::string_view segment = next_segment(path);
        if (field->type == Type::Map) {
            pointer += "/additionalProperties";
            field = &field->element();
        } else {
            pointer += fmt::format("/properties/{}", segment);
            field = field->member(segment);
        }
    }
    return pointer;
}

}  // namespace

OldPaths old_paths_of(const Schema& schema) {
    OldPaths root;
    for (const auto& [alias, path] : schema.aliases()) {
        OldPaths* node = &root;
        for (std::string_view rest = alias; !rest.empty();) {
            node = &node->below[std::string{next_segment(rest)}];
        }
        node->moved_to = path;
    }
    return root;
}

void write_moved(JsonWriter& json, const Schema& schema, const OldPaths& old) {
    json.begin_object().member("deprecated", true);
    if (old.moved_to.empty()) {
        json.member("type", "object").key("properties").begin_object();
        for (const auto& [name, below] : old.below) {
            json.key(name);
            write_moved(json, schema, below);
        }
        json.end_object().member("additionalProperties", false);
    } else {
        json.member("description", fmt::format("Write {} instead.", old.moved_to));
        json.member("$ref", pointer_to(schema, old.moved_to));
        json.key("x-quantconf").begin_object().member("moved_to", old.moved_to).end_object();
    }
    json.end_object();
}

}  // namespace quantconf::schema
