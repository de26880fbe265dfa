#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/json_schema_constraints.hpp"
#include "schema/json_schema_extension.hpp"

namespace quantconf::schema {

namespace {

struct TypeName {
    std::string_view name;
    Type type;
};

/// An object is a map until it turns out to have fixed keys.
constexpr std::array kJsonTypes = std::to_array<TypeName>({{"boolean", Type::Boolean},
                                                           {"integer", Type::Integer},
                                                           {"number", Type::Float},
                                                           {"string", Type::String},
                                                           {"array", Type::List},
                                                           {"object", Type::Map}});

std::optional<Type> json_type(Reading& reading, const value::Node& node, std::string_view path) {
    std::vector<std::string> known = {"null"};
    for (const auto& [name, type] : kJsonTypes) {
        if (is_text(node) && node.scalar() == name) {
            return type;
        }
        known.emplace_back(name);
    }
    reading.unexpected(node, path, "type", join_or(known));
    return std::nullopt;
}

/// "integer", or ["integer", "null"] for a nullable one.
std::optional<Type> read_type_keyword(Reading& reading, const value::Node& node, Field& field,
                                      std::string_view path) {
    if (node.kind != value::NodeKind::List) {
        return json_type(reading, node, path);
    }
    std::optional<Type> result;
    std::size_t other_types = 0;
    for (const value::Node& item : node.list()) {
        if (is_text(item) && item.scalar() == "null") {
            field.nullable = true;
        } else {
            ++other_types;
            result = json_type(reading, item, path);
        }
    }
    if (other_types != 1) {
        reading.wrong(node.origin(), path, "type: expected one type, or one type and \"null\"",
                      "a field has one type");
        return std::nullopt;
    }
    return result;
}

/// Without `type`, the values of enum and const still say it exactly; properties do not.
std::optional<Type> type_of_values(const Keywords& keywords, bool is_root) {
    if (is_root) {
        return Type::Map;  // A layer is always a mapping.
    }
    const value::Node* constant = keywords.find("const");
    if (keywords.find("enum") != nullptr || (constant != nullptr && is_text(*constant))) {
        return Type::String;
    }
    return std::nullopt;
}

/// A kind refines one type of JSON Schema.
std::optional<Type> refine_by_kind(Reading& reading, const value::Node& node, Type base,
                                   std::string_view path) {
    std::vector<std::string> known;
    for (const Type type : {Type::Duration, Type::Size, Type::Url, Type::Host, Type::Port, Type::TimeZone}) {
        known.emplace_back(kind_of(type));
        if (!is_text(node) || node.scalar() != kind_of(type)) {
            continue;
        }
        const bool is_port = type == Type::Port;
        if (base != (is_port ? Type::Integer : Type::String)) {
            reading.wrong(
                node.origin(), path,
                fmt::format("kind {} needs \"type\": \"{}\"", kind_of(type), is_port ? "integer" : "string"));
            return std::nullopt;
        }
        return type;
    }
    reading.unexpected(node, path, "kind", join_or(known));
    return std::nullopt;
}

std::optional<Type> refine_by_format(Reading& reading, const value::Node& node, std::string_view path) {
    if (is_text(node) && node.scalar() == "uri") {
        return Type::Url;
    }
    if (is_text(node) && node.scalar() == "hostname") {
        return Type::Host;
    }
    reading.unexpected(node, path, "format", "uri or hostname");
    return std::nullopt;
}

std::optional<Type> refine_text(Reading& reading, const Keywords& keywords, std::string_view path) {
    const value::Node* secret = keywords.find_extension("secret");
    if (secret != nullptr && reading.flag(*secret, path, "secret")) {
        return Type::Secret;
    }
    if (keywords.find("enum") != nullptr || keywords.find("const") != nullptr) {
        return Type::Enum;
    }
    if (const value::Node* format = keywords.find("format")) {
        return refine_by_format(reading, *format, path);
    }
    return Type::String;
}

}  // namespace

bool read_type(Reading& reading, const Keywords& keywords, const value::Node& node, bool is_root,
               Field& field, std::string_view path) {
    const value::Node* keyword = keywords.find("type");
    std::optional<Type> type = keyword != nullptr ? read_type_keyword(reading, *keyword, field, path)
                                                  : type_of_values(keywords, is_root);
    if (!type) {
        if (keyword == nullptr && !keywords.is_incomplete()) {
            reading.wrong(node.origin(), path, "type is missing", "every field says its type");
        }
        return false;
    }
    if (const value::Node* kind = keywords.find_extension("kind")) {
        type = refine_by_kind(reading, *kind, *type, path);
    } else if (*type == Type::String) {
        type = refine_text(reading, keywords, path);
    } else if (*type == Type::Map && (is_root || keywords.find("properties") != nullptr)) {
        type = Type::Struct;
    }
    if (type) {
        field.type = *type;
    }
    return type.has_value();
}

}  // namespace quantconf::schema
