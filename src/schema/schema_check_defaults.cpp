#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "schema/schema_build.hpp"
#include "schema/typing.hpp"
#include "value/node.hpp"
#include "value/units.hpp"

namespace quantconf::schema {
namespace {

std::string number_text(double number) {
    if (std::isnan(number)) {
        return ".nan";
    }
    return std::isinf(number) ? (number > 0 ? ".inf" : "-.inf") : value::to_text(number);
}

/// A default as a user would write it, so that one and the same typing judges both.
std::string written(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::Boolean:
            return value.as_boolean() ? "true" : "false";
        case Value::Kind::Integer:
            return fmt::to_string(value.as_integer());
        case Value::Kind::Unsigned:
            return fmt::to_string(value.as_unsigned());
        case Value::Kind::Float:
            return number_text(value.as_number());
        case Value::Kind::Text:
            return std::string{value.as_text()};
        case Value::Kind::Duration:
            return value::to_text(value.as_duration());
        case Value::Kind::Size:
            return value::to_text(value.as_size());
        case Value::Kind::Secret:
            return std::string{value.secret_reference()};
        default:
            return {};
    }
}

class DefaultCheck {
public:
    DefaultCheck(const Schema& schema, Diagnostics& diagnostics)
        : schema_{schema}, diagnostics_{diagnostics} {}

    void check(const Value& value, const Field& field, const std::string& path) {
        switch (field.type) {
            case Type::Struct:
                check_struct(value, field, path);
                break;
            case Type::List:
                check_list(value, field, path);
                break;
            case Type::Map:
                check_map(value, field, path);
                break;
            default:
                check_scalar(value, field, path);
        }
    }

    /// What a new list item, map entry or optional section starts from.
    void check_fresh(const Field& field, const std::string& path) {
        if (field.type == Type::Struct) {
            check_struct(field.default_value, field, path);
        }
    }

private:
    void bad(std::string_view path, std::string message) {
        report_bad_schema(diagnostics_, path, std::move(message));
    }

    void check_struct(const Value& value, const Field& field, const std::string& path) {
        const Value& start = value.is_absent() ? field.default_value : value;
        for (std::size_t i = 0; i < field.children.size(); ++i) {
            check(start.members()[i].value, field.children[i], child_path(field, path, field.children[i]));
        }
    }

    void check_list(const Value& value, const Field& field, const std::string& path) {
        const std::string item_path = child_path(field, path, field.element());
        check_fresh(field.element(), item_path);
        if (value.is_absent() || field.options.required) {
            return;  // A required list is replaced as a whole.
        }
        check_length(value.items().size(), field, path);
        for (const Value& item : value.items()) {
            check(item, field.element(), item_path);
        }
    }

    void check_map(const Value& value, const Field& field, const std::string& path) {
        check_fresh(field.element(), child_path(field, path, field.element()));
        if (value.is_absent()) {
            return;
        }
        if (!field.options.required) {
            check_length(value.members().size(), field, path);
        }
        const auto& keys = field.options.keys;
        for (const auto& [key, entry] : value.members()) {
            if (!keys.empty() && std::ranges::find(keys, key) == keys.end()) {
                bad(path, fmt::format("its default has the key {}, which is not allowed", key));
            }
            check(entry, field.element(), join_path(path, key));
        }
    }

    void check_length(std::size_t count, const Field& field, const std::string& path) {
        const Options& options = field.options;
        if ((options.min_length && count < *options.min_length) ||
            (options.max_length && count > *options.max_length)) {
            bad(path, fmt::format("its default has {} parts, which min_length or max_length forbid", count));
        }
    }

    void check_scalar(const Value& value, const Field& field, const std::string& path) {
        if (value.is_invalid()) {
            bad(path, "a built-in default must not contain a secret in plain text");
            return;
        }
        if (field.options.required) {
            return;
        }
        if (value.is_absent()) {
            // A schema file may leave a value open; in C++ only an enum beside its names looks like this.
            if (field.type == Type::Enum && field.encode != nullptr && !field.nullable) {
                bad(path, "its default is none of the enum's names");
            }
            return;
        }
        if (field.options.stricter.empty()) {  // The same everywhere.
            if (const auto problem = problem_of(value, field, path, Environment::Development)) {
                bad(path, fmt::format("its default does not fit: {}", *problem));
            }
            return;
        }
        for (const Environment environment : kEnvironments) {
            const auto problem = problem_of(value, field, path, environment);
            if (problem && !is_required_in(field, environment)) {
                bad(path, fmt::format("its default does not fit in {}: {}", name_of(environment), *problem));
                return;
            }
        }
    }

    static bool is_required_in(const Field& field, Environment environment) {
        return std::ranges::any_of(field.options.stricter, [environment](const EnvironmentBounds& stricter) {
            return stricter.required && stricter.environment == environment;
        });
    }

    /// The first error that a user would get for writing the default into a file.
    std::optional<std::string> problem_of(const Value& value, const Field& field, const std::string& path,
                                          Environment environment) {
        const std::string text = written(value);
        const bool is_text = value.kind() == Value::Kind::Text || value.kind() == Value::Kind::Secret;
        const auto node = value::scalar_node(text, is_text ? value::Style::DoubleQuoted : value::Style::Plain,
                                             nullptr, 0, 0);
        Diagnostics found;
        std::vector<SecretSpan> secrets;
        Typing typing{.schema = schema_,
                      .environment = environment,
                      .arena = memory_,
                      .diagnostics = found,
                      .secrets = secrets};
        static_cast<void>(type_scalar(typing, node, field, path));
        const auto error = std::ranges::find(found, Severity::Error, &Diagnostic::severity);
        return error == found.end() ? std::nullopt : std::optional{error->message};
    }

    const Schema& schema_;
    Diagnostics& diagnostics_;
    Arena memory_;  ///< Of values that are looked at and forgotten.
};

}  // namespace

void check_defaults(const Schema& schema, Diagnostics& diagnostics) {
    DefaultCheck{schema, diagnostics}.check(schema.defaults(), schema.root(), {});
}

}  // namespace quantconf::schema
