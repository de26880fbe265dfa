#include "schema/json_schema_default.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "quantconf/schema.hpp"
#include "schema/schema_build.hpp"
#include "schema/typing.hpp"

namespace quantconf::schema {

namespace {

/// Typing asks for a schema; a single scalar needs nothing of it.
const Schema& any_schema() {
    static const Schema schema = [] {
        Field root;
        root.type = Type::Struct;
        auto built = Schema::build(std::move(root), {.app = "none", .env_prefix = "NONE"});
        QC_ASSERT(built.has_value());
        return *std::move(built);
    }();
    return schema;
}

/// The same value, without a trace of the text that it was read from.
Value detached(const Value& value, Arena& memory) {
    switch (value.kind()) {
        case Value::Kind::Boolean:
            return Value::boolean(value.as_boolean());
        case Value::Kind::Integer:
            return Value::integer(value.as_integer());
        case Value::Kind::Unsigned:
            return Value::unsigned_integer(value.as_unsigned());
        case Value::Kind::Float:
            return Value::number(value.as_number());
        case Value::Kind::Text:
            return Value::text(memory.copy(value.as_text()));
        case Value::Kind::Duration:
            return Value::duration(value.as_duration());
        case Value::Kind::Size:
            return Value::size(value.as_size());
        default:
            return Value::absent();
    }
}

class DefaultReader {
public:
    explicit DefaultReader(Reading& reading) : reading_{reading} {}

    Value read(const value::Node& node, const Field& field, const std::string& path) {
        if (field.type == Type::Secret) {
            conceal(node);
            return invalid(node, path, "a secret has no default", "secrets do not belong into a schema");
        }
        if (node.is_null() && node.kind == value::NodeKind::Scalar) {
            return field.nullable ? Value::absent() : mismatch(node, field, path);
        }
        switch (field.type) {
            case Type::List:
                return node.kind == value::NodeKind::List ? read_list(node, field, path)
                                                          : mismatch(node, field, path);
            case Type::Map:
                return node.kind == value::NodeKind::Map ? read_map(node, field, path)
                                                         : mismatch(node, field, path);
            case Type::Struct:
                return node.kind == value::NodeKind::Map ? read_section(node, field, path)
                                                         : mismatch(node, field, path);
            default:
                return node.kind == value::NodeKind::Scalar ? read_scalar(node, field, path)
                                                            : mismatch(node, field, path);
        }
    }

private:
    Value invalid(const value::Node& node, const std::string& path, std::string message, std::string hint) {
        reading_.wrong(node.origin(), path, std::move(message), std::move(hint));
        return Value::invalid(nullptr);
    }

    Value mismatch(const value::Node& node, const Field& field, const std::string& path) {
        reading_.unexpected(node, path, "default", fmt::format("a value of type {}", name_of(field.type)));
        return Value::invalid(nullptr);
    }

    /// Whatever somebody wrote as the default of a secret must not be printed.
    void conceal(const value::Node& node) { reading_.document().source->conceal(node.begin, node.end); }

    Value read_scalar(const value::Node& node, const Field& field, const std::string& path) {
        std::vector<SecretSpan> secrets;
        Arena scratch;
        Typing typing{.schema = any_schema(),
                      .environment = Environment::Development,
                      .arena = scratch,
                      .diagnostics = reading_.diagnostics(),
                      .secrets = secrets};
        // What is stricter in one environment does not make the default of the others wrong; Schema::build
        // looks at each of them.
        Field ordinary = field;
        ordinary.options.stricter.clear();
        return detached(type_scalar(typing, node, ordinary, path), reading_.memory());
    }

    Value read_list(const value::Node& node, const Field& field, const std::string& path) {
        std::vector<Value> items;
        for (const value::Node& item : node.list()) {
            items.push_back(read(item, field.element(), child_path(field, path, field.element())));
        }
        return Value::list(reading_.memory().copy(std::span<const Value>{items}));
    }

    Value read_map(const value::Node& node, const Field& field, const std::string& path) {
        std::vector<Member> members;
        for (const value::Entry& entry : node.map()) {
            members.push_back({reading_.memory().copy(entry.key()),
                               read(entry.value, field.element(), join_path(path, entry.key()))});
        }
        return Value::map(reading_.memory().copy(std::span<const Member>{members}));
    }

    /// Members that are not written keep their own defaults.
    Value read_section(const value::Node& node, const Field& field, const std::string& path) {
        const auto own = field.default_value.members();
        std::vector<Member> members{own.begin(), own.end()};
        for (const value::Entry& entry : node.map()) {
            const auto member = std::ranges::find(field.children, entry.key(), &Field::name);
            if (member == field.children.end()) {
                reading_.wrong(entry.key_origin(), path,
                               fmt::format("default: there is no property {}", quoted(entry.key())));
                continue;
            }
            const auto index = static_cast<std::size_t>(member - field.children.begin());
            members[index].value = read(entry.value, *member, join_path(path, entry.key()));
        }
        return Value::map(reading_.memory().copy(std::span<const Member>{members}));
    }

    Reading& reading_;
};

}  // namespace

Value read_default(Reading& reading, const value::Node& node, const Field& field, const std::string& path) {
    return DefaultReader{reading}.read(node, field, path);
}

Value section_default(Reading& reading, const Field& section, const std::vector<Value>& members) {
    std::vector<Member> result;
    for (std::size_t i = 0; i < section.children.size(); ++i) {
        result.push_back({reading.memory().copy(section.children[i].name), members[i]});
    }
    return Value::map(reading.memory().copy(std::span<const Member>{result}));
}

}  // namespace quantconf::schema
