#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "schema/json_schema.hpp"
#include "schema/json_schema_constraints.hpp"
#include "schema/json_schema_default.hpp"
#include "schema/json_schema_describe.hpp"
#include "schema/json_schema_keywords.hpp"
#include "schema/json_schema_read_root.hpp"
#include "schema/json_schema_reading.hpp"
#include "schema/schema_build.hpp"

namespace quantconf::schema {

namespace {

/// Far more than any program has; definitions that use each other several times multiply.
constexpr std::size_t kFieldsMax = kTextsMax;

/// Reads a schema from the outside to the inside.
class Importer {
public:
    Importer(const value::Document& document, std::shared_ptr<Arena> memory)
        : memory_{std::move(memory)}, reading_{document, *memory_}, collector_{reading_} {}

    Checked<Schema> run() {
        const value::Node& root = reading_.document().root;
        refuse_operators(reading_, root);
        Keywords keywords = collector_.open(root, {}, true);
        SchemaOptions options = read_root(reading_, keywords);
        std::optional<Described> described = read_described(keywords, root, {}, true);
        for (const value::Entry* definition : collector_.unused()) {
            static_cast<void>(read(definition->value, fmt::format("$defs.{}", definition->key())));
        }
        if (described && (described->field.type != Type::Struct || described->field.nullable)) {
            const value::Node* type = keywords.find("type");
            reading_.wrong(type->origin(), {}, "the root of a schema is an object");
        }
        if (!described || has_errors(reading_.diagnostics())) {
            return std::unexpected{problems()};
        }
        auto schema = Schema::build(std::move(described->field), std::move(options), memory_);
        if (!schema) {
            for (Diagnostic& diagnostic : schema.error()) {
                reading_.diagnostics().push_back(placed(std::move(diagnostic)));
            }
            return std::unexpected{problems()};
        }
        check_moved(*schema);
        if (has_errors(reading_.diagnostics())) {
            return std::unexpected{problems()};
        }
        return schema;
    }

private:
    /// A field, and its value when nobody sets it. The two differ for a section that is absent until then.
    struct Described {
        Field field;
        Value fallback;
    };

    /// A property that only says where its value lives now.
    struct Moved {
        std::string path;
        std::string target;
        Origin origin;
    };

    std::optional<Described> read(const value::Node& node, const std::string& path) {
        const std::size_t opened = collector_.opened();
        Keywords keywords = collector_.open(node, path, false);
        auto described = read_described(keywords, node, path, false);
        collector_.close(opened);
        return described;
    }

    std::optional<Described> read_described(Keywords& keywords, const value::Node& node,
                                            const std::string& path, bool is_root) {
        if (node.kind != value::NodeKind::Map || !count_field(node, path)) {
            return std::nullopt;
        }
        Described result;
        Field& field = result.field;
        if (!read_type(reading_, keywords, node, is_root, field, path)) {
            return std::nullopt;
        }
        keywords.remove_unfit(reading_, field.type, path);
        if (!is_root) {
            read_extension(reading_, keywords, field, path);
            read_documentation(reading_, keywords, field, path);
        }
        read_constraints(reading_, keywords, field, path);
        if (!read_children(keywords, node, field, path)) {
            return std::nullopt;
        }
        if (const value::Node* written = keywords.find("default")) {
            result.fallback = read_default(reading_, *written, field, path);
        } else if (field.type == Type::Struct && !field.nullable) {
            result.fallback = field.default_value;
        }
        if (field.type != Type::Struct || !field.nullable) {
            field.default_value = result.fallback;
        }
        return result;
    }

    bool count_field(const value::Node& node, const std::string& path) {
        if (++fields_ == kFieldsMax) {
            reading_.wrong(node.origin(), path,
                           fmt::format("the schema describes more than {} fields", kFieldsMax));
        }
        return fields_ < kFieldsMax;
    }

    bool read_children(const Keywords& keywords, const value::Node& node, Field& field,
                       const std::string& path) {
        switch (field.type) {
            case Type::Struct:
                read_section(keywords, field, path);
                return true;
            case Type::List:
                return read_element(keywords.find("items"), node, field, path,
                                    "a list needs items: what it contains");
            case Type::Map:
                read_keys(reading_, keywords, field, path);
                return read_element(
                    keywords.find("additionalProperties"), node, field, path,
                    "an object needs properties (its fixed keys) or additionalProperties with a "
                    "schema (what any key of the user's choice holds)");
            default:
                return true;
        }
    }

    bool read_element(const value::Node* element, const value::Node& node, Field& field,
                      const std::string& path, std::string_view missing) {
        if (element == nullptr || element->kind != value::NodeKind::Map) {
            reading_.wrong(element == nullptr ? node.origin() : element->origin(), path,
                           std::string{missing});
            return false;
        }
        const std::string element_path = field.type == Type::List ? path + "[]" : join_path(path, "*");
        auto described = read(*element, element_path);
        if (!described) {
            return false;
        }
        places_.try_emplace(element_path, element->origin());
        field.children.push_back(std::move(described->field));
        return true;
    }

    void read_section(const Keywords& keywords, Field& field, const std::string& path) {
        std::vector<Value> fallbacks;
        const value::Node* properties = keywords.find("properties");
        if (properties != nullptr && reading_.is_mapping(*properties, path, "properties")) {
            for (const value::Entry& property : properties->map()) {
                read_property(property, field, fallbacks, join_path(path, property.key()));
            }
        }
        check_closed(reading_, keywords, path);
        read_required(reading_, keywords, field, path);
        field.default_value = section_default(reading_, field, fallbacks);
    }

    void read_property(const value::Entry& property, Field& section, std::vector<Value>& fallbacks,
                       const std::string& path) {
        places_.try_emplace(path, property.key_origin());
        if (!is_key_name(property.key()) || property.key().starts_with("x-")) {
            reading_.wrong(
                property.key_origin(), path,
                fmt::format("expected a name of the form [a-z][a-z0-9_-]*, found {}", quoted(property.key())),
                "each name is a key of the files and part of an environment variable");
        }
        if (is_moved(property.value, path)) {
            return;
        }
        const std::size_t moved_before = moved_.size();
        auto described = read(property.value, path);
        const bool holds_moved_only = described && described->field.type == Type::Struct &&
                                      described->field.children.empty() && moved_.size() > moved_before;
        if (!described || holds_moved_only) {
            return;
        }
        described->field.name = property.key();
        section.children.push_back(std::move(described->field));
        fallbacks.push_back(described->fallback);
    }

    /// {"deprecated": true, "$ref": ..., "x-quantconf": {"moved_to": "trading.max_position_size"}}
    bool is_moved(const value::Node& node, const std::string& path) {
        const value::Entry* extension =
            node.kind == value::NodeKind::Map ? node.find("x-quantconf") : nullptr;
        if (extension == nullptr || extension->value.kind != value::NodeKind::Map) {
            return false;
        }
        const value::Entry* target = extension->value.find("moved_to");
        if (target == nullptr) {
            return false;
        }
        for (const value::Entry& entry : node.map()) {
            const std::vector<std::string> known = {"deprecated", "description", "$ref", "x-quantconf"};
            if (std::ranges::find(known, entry.key()) == known.end()) {
                reading_.unknown(entry.key_origin(), path, "beside moved_to, the keyword", entry.key(),
                                 known);
            }
        }
        if (const auto text = reading_.text(target->value, path, "moved_to")) {
            moved_.push_back({path, *text, target->value.origin()});
        }
        return true;
    }

    /// The old spelling and the field that it means must agree about each other.
    void check_moved(const Schema& schema) {
        for (const Moved& moved : moved_) {
            const std::pair wanted{moved.path, moved.target};
            if (!std::ranges::binary_search(schema.aliases(), wanted)) {
                reading_.wrong(
                    moved.origin, moved.path,
                    fmt::format("moved_to: {} does not name {} among its aliases", moved.target, moved.path));
            }
        }
    }

    /// Schema::build knows paths; the file knows where they are.
    [[nodiscard]] Diagnostic placed(Diagnostic diagnostic) const {
        std::string path = diagnostic.path;
        while (diagnostic.origin.source == nullptr && !path.empty()) {
            if (const auto place = places_.find(path); place != places_.end()) {
                diagnostic.origin = place->second;
            }
            const auto dot = path.find_last_of('.');
            path.resize(dot == std::string::npos ? 0 : dot);
        }
        if (diagnostic.origin.source == nullptr) {
            diagnostic.origin = {reading_.document().source, 0, 0};
        }
        return diagnostic;
    }

    /// A definition that is used twice is wrong once.
    [[nodiscard]] Diagnostics problems() {
        Diagnostics result;
        std::set<std::pair<std::uint32_t, std::string>> seen;
        for (Diagnostic& diagnostic : reading_.diagnostics()) {
            if (seen.emplace(diagnostic.origin.begin, diagnostic.message).second) {
                result.push_back(std::move(diagnostic));
            }
        }
        tidy(result);
        return result;
    }

    std::shared_ptr<Arena> memory_;
    Reading reading_;
    KeywordCollector collector_;
    std::map<std::string, Origin> places_;
    std::vector<Moved> moved_;
    std::size_t fields_ = 0;
};

}  // namespace

Checked<Schema> from_json_schema(const value::Document& document) {
    return Importer{document, std::make_shared<Arena>()}.run();
}

}  // namespace quantconf::schema
