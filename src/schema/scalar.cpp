#include "schema/scalar.hpp"

#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "schema/number.hpp"
#include "schema/scalar_report.hpp"
#include "schema/secret_reference.hpp"

namespace quantconf::schema {

namespace {

Value type_null(const Scalar& scalar) {
    if (scalar.field.nullable) {
        return Value::absent(&scalar.node);
    }
    std::string hint;
    if (scalar.field.type == Type::String) {
        hint = scalar.text().empty() ? "write \"\" for an empty text"
                                     : fmt::format("write \"{}\" for the text", scalar.text());
    } else {
        hint = "give it a value, or delete the line to keep the value of the layer beneath";
    }
    return refuse(scalar, {.code = Code::NullNotAllowed,
                           .expected = expected_text(scalar.field),
                           .found = "null",
                           .hint = std::move(hint)});
}

bool is_written_bare(Type type) {
    return type == Type::Boolean || type == Type::Integer || type == Type::Float || type == Type::Port;
}

bool would_be_fine_without_quotes(const Scalar& scalar) {
    switch (scalar.field.type) {
        case Type::Boolean: {
            const std::string_view text = scalar.text();
            return text == "true" || text == "false";
        }
        case Type::Float:
            return parse_float(scalar.text()).has_value();
        default:
            return parse_integer(scalar.text()).has_value();
    }
}

Value refuse_quotes(const Scalar& scalar) {
    std::string hint = "numbers and booleans stand without quotes";
    if (may_quote(scalar) && would_be_fine_without_quotes(scalar)) {
        hint = fmt::format("write {} without quotes", scalar.text());
    }
    return refuse(scalar, {.code = Code::QuotedScalar,
                           .expected = expected_text(scalar.field),
                           .found = fmt::format("the text {}", found_text(scalar)),
                           .hint = std::move(hint)});
}

/// A reference in a field that would take it for an ordinary text, and hand it on as one.
Value refuse_reference(const Scalar& scalar) {
    const auto reference = parse_secret_reference(scalar.text());
    std::string found = "a secret reference";
    if (reference && !scalar.node.is_interpolated) {
        found = fmt::format("a reference to the secret {}", reference->name);
    } else {
        conceal(scalar);  // People paste keys behind the prefix.
    }
    std::string hint = "secrets belong into fields that are declared as secret";
    if (scalar.field.type == Type::String) {
        hint += "; a text that begins with SECURE: is written SECURE::";
    }
    return refuse(scalar, {.code = Code::MisplacedSecretReference,
                           .expected = expected_text(scalar.field),
                           .found = std::move(found),
                           .hint = std::move(hint)});
}

bool is_misplaced_reference(const Scalar& scalar) {
    const bool is_escaped = scalar.field.type == Type::String && scalar.text().starts_with(kSecretEscape);
    return scalar.text().starts_with(kSecretPrefix) && !is_escaped;
}

Value type_text_of(const Scalar& scalar) {
    switch (scalar.field.type) {
        case Type::Boolean:
            return type_boolean(scalar);
        case Type::Integer:
        case Type::Port:
            return type_integer(scalar);
        case Type::Float:
            return type_float(scalar);
        case Type::String:
            return type_string(scalar);
        case Type::Enum:
            return type_enum(scalar);
        case Type::Duration:
            return type_duration(scalar);
        case Type::Size:
            return type_size(scalar);
        case Type::Url:
            return type_url(scalar);
        case Type::Host:
            return type_host(scalar);
        case Type::TimeZone:
            return type_time_zone(scalar);
        case Type::Secret:
        case Type::List:
        case Type::Map:
        case Type::Struct:
            break;
    }
    return Value::invalid(&scalar.node);
}

}  // namespace

std::string expected_text(const Field& field) {
    switch (field.type) {
        case Type::Boolean:
            return "true or false";
        case Type::Integer:
            return "an integer";
        case Type::Float:
            return "a number";
        case Type::String:
            return "a text";
        case Type::Enum:
            return join_or(field.names);
        case Type::Duration:
            return "a duration such as 30s";
        case Type::Size:
            return "a size such as 512MiB";
        case Type::Url:
            return "a URL such as https://example.com";
        case Type::Host:
            return "a host name or IP address";
        case Type::Port:
            return "a port number";
        case Type::TimeZone:
            return "a time zone such as US/Eastern";
        case Type::Secret:
            return "a secret reference such as SECURE:name";
        case Type::List:
        case Type::Map:
        case Type::Struct:
            break;
    }
    return std::string{name_of(field.type)};
}

Value type_scalar(Typing& typing, const value::Node& node, const Field& field, std::string_view path) {
    QC_ASSERT(node.kind == value::NodeKind::Scalar);
    QC_ASSERT(field.type != Type::List && field.type != Type::Map && field.type != Type::Struct);

    const Scalar scalar{.typing = typing, .node = node, .field = field, .path = path};
    if (node.is_null()) {
        return type_null(scalar);
    }
    if (field.type == Type::Secret) {
        return type_secret(scalar);
    }
    if (is_misplaced_reference(scalar)) {
        return refuse_reference(scalar);
    }
    if (node.is_quoted() && is_written_bare(field.type)) {
        return refuse_quotes(scalar);
    }
    return type_text_of(scalar);
}

}  // namespace quantconf::schema
