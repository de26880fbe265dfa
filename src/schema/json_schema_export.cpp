#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "schema/json_schema.hpp"
#include "schema/json_schema_bounds.hpp"
#include "schema/json_schema_extension.hpp"
#include "schema/json_schema_moved.hpp"
#include "schema/json_schema_patterns.hpp"
#include "schema/json_schema_values.hpp"

namespace quantconf::schema {

namespace {

/// Whether ${...} may stand here although the result, not the text, has to fit. Secrets are never
/// interpolated.
bool needs_interpolation(const Field& field) {
    switch (field.type) {
        case Type::List:
        case Type::Map:
        case Type::Struct:
        case Type::Secret:
            return false;
        case Type::String:
            return !field.options.pattern.empty() || field.options.min_length || field.options.max_length;
        default:
            return true;
    }
}

/// Whether a layer may hold a part of the value only, because the merge completes it.
bool is_fragment(const Field& field) {
    return field.type != Type::List || field.options.merge != ListMerge::Replace;
}

std::string description_of(const Field& field) {
    const std::string& help = field.options.help;
    if (field.options.unit.empty()) {
        return help;
    }
    return fmt::format("{}{}[{}]", help, help.empty() ? "" : " ", field.options.unit);
}

/// Writes one schema from top to bottom.
class Exporter {
public:
    explicit Exporter(const Schema& schema) : schema_{schema} {}

    std::string run() {
        const SchemaOptions& options = schema_.options();
        json_.begin_object();
        json_.member("$schema", "https://json-schema.org/draft/2020-12/schema");
        json_.member("$id", fmt::format("urn:quantconf:{}", options.app));
        text("title", options.title);
        text("description", options.help);
        type_of(schema_.root(), "object");
        members(schema_.root(), schema_.defaults(), old_paths_of(schema_), Place::Fragment);
        json_.key("$defs").begin_object();
        json_.key(kInterpolatedName).begin_object();
        json_.member("type", "string").member("pattern", kInterpolatedPattern);
        json_.end_object().end_object();
        write_extension(json_, options);
        json_.end_object();
        return json_.take();
    }

private:
    /// Items of a list that replaces the one beneath are whole: there, a missing member is really missing.
    enum class Place : std::uint8_t { Fragment, Whole };

    void text(std::string_view name, const std::string& content) {
        if (!content.empty()) {
            json_.member(name, content);
        }
    }

    void type_of(const Field& field, std::string_view json_type) {
        if (!field.nullable) {
            json_.member("type", json_type);
            return;
        }
        json_.key("type").begin_array().value(json_type).value("null").end_array();
    }

    /// One field. `fallback` is what holds when no layer sets it.
    void property(const Field& field, const Value& fallback, const OldPaths& old_paths, Place place) {
        json_.begin_object();
        text("description", description_of(field));
        if (has_written_default(field, fallback)) {
            json_.key("default");
            write_value(json_, field, fallback);
        }
        write_examples(json_, field);
        if (needs_interpolation(field)) {
            json_.key("anyOf").begin_array().begin_object();
            shape(field, fallback, old_paths, place);
            json_.end_object().begin_object();
            json_.member("$ref", kInterpolatedReference);
            json_.end_object().end_array();
        } else {
            shape(field, fallback, old_paths, place);
        }
        write_extension(json_, field);
        json_.end_object();
    }

    void shape(const Field& field, const Value& fallback, const OldPaths& old_paths, Place place) {
        switch (field.type) {
            case Type::Boolean:
                type_of(field, "boolean");
                break;
            case Type::Integer:
            case Type::Port:
                type_of(field, "integer");
                bounds(field);
                break;
            case Type::Float:
                type_of(field, "number");
                bounds(field);
                break;
            case Type::Enum:
                type_of(field, "string");
                names(field);
                break;
            case Type::List:
                type_of(field, "array");
                lengths(field, "minItems", "maxItems");
                json_.key("items");
                property(field.element(), Value::absent(), {},
                         field.options.merge == ListMerge::ByKey ? Place::Fragment : Place::Whole);
                break;
            case Type::Map:
                type_of(field, "object");
                lengths(field, "minProperties", "maxProperties");
                keys(field);
                json_.key("additionalProperties");
                property(field.element(), Value::absent(), {}, place);
                break;
            case Type::Struct:
                type_of(field, "object");
                members(field, fallback.is_absent() ? field.default_value : fallback, old_paths, place);
                break;
            default:
                type_of(field, "string");
                lengths(field, "minLength", "maxLength");
                pattern(field);
                break;
        }
    }

    void bounds(const Field& field) {
        if (const auto edge = lower_edge(field)) {
            json_.key(edge->exclusive ? "exclusiveMinimum" : "minimum");
            write_bound(json_, field, edge->number);
        }
        if (const auto edge = upper_edge(field)) {
            json_.key(edge->exclusive ? "exclusiveMaximum" : "maximum");
            write_bound(json_, field, edge->number);
        }
    }

    /// A part may be shorter than the whole has to be, but never longer than it may be.
    void lengths(const Field& field, std::string_view least, std::string_view most) {
        const bool is_text = field.type != Type::List && field.type != Type::Map;
        if (field.options.min_length && (is_text || !is_fragment(field))) {
            json_.member(least, *field.options.min_length);
        }
        if (field.options.max_length) {
            json_.member(most, *field.options.max_length);
        }
    }

    void pattern(const Field& field) {
        if (!field.options.pattern.empty()) {
            json_.member("pattern", to_search(field.options.pattern));
        } else {
            text("pattern", syntax_pattern(field));
        }
        if (field.type == Type::Url) {
            json_.member("format", "uri");
        }
    }

    void names(const Field& field) {
        json_.key("enum").begin_array();
        for (const std::string& name : field.names) {
            json_.value(name);
        }
        if (field.nullable) {
            json_.null();
        }
        json_.end_array();
    }

    void keys(const Field& field) {
        if (field.options.keys.empty()) {
            return;
        }
        json_.key("propertyNames").begin_object().key("enum").begin_array();
        for (const std::string& key : field.options.keys) {
            json_.value(key);
        }
        json_.end_array().end_object();
    }

    void members(const Field& section, const Value& defaults, const OldPaths& old_paths, Place place) {
        static const OldPaths none;
        static const Value absent = Value::absent();
        json_.key("properties").begin_object();
        for (const Field& member : section.children) {
            const auto old = old_paths.below.find(member.name);
            const Value* fallback = defaults.is_absent() ? nullptr : defaults.find(member.name);
            json_.key(member.name);
            property(member, fallback == nullptr ? absent : *fallback,
                     old == old_paths.below.end() ? none : old->second, place);
        }
        for (const auto& [name, old] : old_paths.below) {
            if (section.member(name) == nullptr) {
                json_.key(name);
                write_moved(json_, schema_, old);
            }
        }
        json_.end_object();
        if (place == Place::Whole) {
            required(section);
        }
        json_.member("additionalProperties", false);
        json_.key("patternProperties").begin_object().member("^x-", true).end_object();
    }

    void required(const Field& section) {
        std::vector<std::string_view> names;
        for (const Field& member : section.children) {
            if (member.options.required) {
                names.push_back(member.name);
            }
        }
        if (names.empty()) {
            return;
        }
        json_.key("required").begin_array();
        for (const std::string_view name : names) {
            json_.value(name);
        }
        json_.end_array();
    }

    const Schema& schema_;
    JsonWriter json_;
};

}  // namespace

std::string to_json_schema(const Schema& schema) {
    return Exporter{schema}.run();
}

}  // namespace quantconf::schema
