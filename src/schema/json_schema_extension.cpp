#include "schema/json_schema_extension.hpp"

#include <string>
#include <vector>

#include "base/json_writer.hpp"
#include "schema/json_schema_bounds.hpp"

namespace quantconf::schema {

namespace {

/// An object that only appears once something is written into it.
class ExtensionWriter {
public:
    explicit ExtensionWriter(JsonWriter& json) : json_{json} {}
    ExtensionWriter(const ExtensionWriter&) = delete;
    ExtensionWriter& operator=(const ExtensionWriter&) = delete;
    ~ExtensionWriter() {
        if (is_open_) {
            json_.end_object();
        }
    }

    JsonWriter& key(std::string_view name) {
        if (!is_open_) {
            json_.key("x-quantconf").begin_object();
            is_open_ = true;
        }
        return json_.key(name);
    }

    void mark(std::string_view name, bool is_set) {
        if (is_set) {
            key(name).value(true);
        }
    }

    void text(std::string_view name, std::string_view content) {
        if (!content.empty()) {
            key(name).value(content);
        }
    }

    void texts(std::string_view name, const std::vector<std::string>& list) {
        if (list.empty()) {
            return;
        }
        key(name).begin_array();
        for (const std::string& item : list) {
            json_.value(item);
        }
        json_.end_array();
    }

private:
    JsonWriter& json_;
    bool is_open_ = false;
};

void write_environments(JsonWriter& json, const std::vector<Environment>& environments) {
    json.begin_array();
    for (const Environment environment : environments) {
        json.value(quantconf::name_of(environment));
    }
    json.end_array();
}

void write_stricter(JsonWriter& json, const Field& field) {
    json.begin_object();
    for (const EnvironmentBounds& bounds : field.options.stricter) {
        json.key(quantconf::name_of(bounds.environment)).begin_object();
        if (bounds.min) {
            json.key("min");
            write_bound(json, field, bounds.min->number());
        }
        if (bounds.max) {
            json.key("max");
            write_bound(json, field, bounds.max->number());
        }
        if (bounds.required) {
            json.member("required", true);
        }
        json.end_object();
    }
    json.end_object();
}

/// JSON Schema can bound numbers, but not "30s".
void write_bounds_with_unit(JsonWriter& json, ExtensionWriter& extension, const Field& field) {
    if (field.type != Type::Duration && field.type != Type::Size) {
        return;
    }
    const Options& options = field.options;
    if (options.min) {
        extension.key(options.exclusive_min ? "exclusive_min" : "min");
        write_bound(json, field, options.min->number());
    }
    if (options.max) {
        extension.key(options.exclusive_max ? "exclusive_max" : "max");
        write_bound(json, field, options.max->number());
    }
}

}  // namespace

std::string_view kind_of(Type type) noexcept {
    switch (type) {
        case Type::Duration:
            return "duration";
        case Type::Size:
            return "size";
        case Type::Url:
            return "url";
        case Type::Host:
            return "host";
        case Type::Port:
            return "port";
        case Type::TimeZone:
            return "timezone";
        default:
            return {};
    }
}

std::string_view name_of(ListMerge merge) noexcept {
    switch (merge) {
        case ListMerge::Replace:
            return "replace";
        case ListMerge::Append:
            return "append";
        case ListMerge::Unique:
            return "unique";
        case ListMerge::ByKey:
            return "by_key";
    }
    return {};
}

void write_extension(JsonWriter& json, const Field& field) {
    const Options& options = field.options;
    ExtensionWriter extension{json};
    extension.text("kind", kind_of(field.type));
    extension.mark("secret", field.type == Type::Secret);
    extension.mark("required", options.required);
    extension.mark("restart", options.reload == Reload::Restart);
    if (options.risk != Risk::None) {
        extension.text("risk", options.risk == Risk::Up ? "up" : "down");
    }
    extension.text("unit", options.unit);
    extension.texts("aliases", options.aliases);
    if (options.merge != ListMerge::Replace) {
        extension.text("merge", name_of(options.merge));
    }
    extension.text("merge_key", options.merge_key);
    write_bounds_with_unit(json, extension, field);
    const bool may_be_shorter_in_a_layer =
        field.type == Type::Map || (field.type == Type::List && options.merge != ListMerge::Replace);
    if (options.min_length && may_be_shorter_in_a_layer) {
        extension.key("min_length").value(*options.min_length);
    }
    extension.texts("schemes", options.schemes);
    extension.mark("allow_empty", options.allow_empty);
    extension.mark("allow_non_finite", options.allow_non_finite);
    extension.mark("allow_plain_text", options.allow_plain_text);
    extension.mark("allow_variable", options.allow_variable);
    if (!options.stricter.empty()) {
        extension.key("stricter");
        write_stricter(json, field);
    }
}

void write_extension(JsonWriter& json, const SchemaOptions& options) {
    json.key("x-quantconf").begin_object();
    json.member("app", options.app).member("env_prefix", options.env_prefix);
    json.key("local_yaml");
    write_environments(json, options.local_yaml);
    json.key("rules").begin_array();
    for (const Rule& rule : options.rules) {
        json.begin_object().member("name", rule.name).member("text", rule.text);
        if (!rule.environments.empty()) {
            json.key("environments");
            write_environments(json, rule.environments);
        }
        json.end_object();
    }
    json.end_array().end_object();
}

}  // namespace quantconf::schema
