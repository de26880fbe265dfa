#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "schema/scalar.hpp"
#include "schema/scalar_report.hpp"
#include "schema/scalar_text.hpp"
#include "schema/secret_reference.hpp"

namespace quantconf::schema {

namespace {

Value refuse_secret(const Scalar& scalar, Code code, std::string message, std::string hint) {
    report(scalar, Severity::Error, code, std::move(message), std::move(hint));
    return Value::invalid(&scalar.node);
}

/// "SECURE:" and then something else. Often a key was pasted behind the prefix, so the text is shown only up
/// to the end of a name that a version follows.
Value refuse_reference(const Scalar& scalar) {
    conceal(scalar);
    std::string_view name = scalar.text().substr(kSecretPrefix.size());
    name.remove_prefix(name.starts_with('?') ? 1 : 0);
    const auto at = name.find('@');
    if (at != std::string_view::npos && valid_secret_name(name.substr(0, at))) {
        return refuse_secret(
            scalar, Code::BadSecretReference,
            fmt::format("the version of the secret {} is neither a number nor previous", name.substr(0, at)),
            "write @3 for version 3, @previous, or nothing for the current one");
    }
    return refuse_secret(
        scalar, Code::BadSecretReference, "this is no reference to a secret",
        "write SECURE:name, SECURE:?name, SECURE:name@3 or SECURE:name@previous; a name has up to "
        "128 letters, digits, dots, underscores and hyphens");
}

/// How the field's secret would be referred to.
std::string example_reference(const Field& field) {
    const bool is_good = valid_secret_name(field.name);
    return fmt::format("SECURE:{}", is_good ? std::string_view{field.name} : std::string_view{"name"});
}

enum class Carrier : std::uint8_t {
    Text,       ///< A layer or .env.
    Variable,   ///< Every process of the user can read it.
    Option,     ///< Every user of the machine can read it.
    NamedFile,  ///< NAME_FILE: the way secrets reach a container.
};

Carrier carrier_of(const value::Node& node) {
    switch (node.source == nullptr ? Source::Kind::File : node.source->kind()) {
        case Source::Kind::File:
            return Carrier::Text;
        case Source::Kind::Variable:
            return Carrier::Variable;
        case Source::Kind::Option:
            return Carrier::Option;
        case Source::Kind::NamedFile:
            break;
    }
    return Carrier::NamedFile;
}

/// Whether plain text may be used although it should not be; says what is wrong with it.
bool permit_plain_text(const Scalar& scalar) {
    const Options& options = scalar.field.options;
    const Carrier carrier = carrier_of(scalar.node);
    if (carrier == Carrier::NamedFile || (carrier == Carrier::Variable && options.allow_variable)) {
        return true;
    }
    if (carrier == Carrier::Option) {
        report(scalar, Severity::Error, Code::SecretInVariable,
               "a secret on the command line can be read by everybody on this machine",
               fmt::format("use {}", example_reference(scalar.field)));
        return false;
    }
    if (carrier == Carrier::Variable) {
        report(scalar, Severity::Error, Code::SecretInVariable,
               "an environment variable must not hold this secret in plain text",
               fmt::format("set it to {}, or put the secret into a file and its path into {}_FILE",
                           example_reference(scalar.field), scalar.node.source->name()));
        return false;
    }
    const bool is_error = scalar.typing.environment == Environment::Production && !options.allow_plain_text;
    std::string hint =
        fmt::format("put the secret into the store and write {}", example_reference(scalar.field));
    if (ascii_lower(scalar.text().substr(0, kSecretPrefix.size())) == "secure:") {
        hint = "a reference begins with SECURE: in capital letters";
    }
    report(scalar, is_error ? Severity::Error : Severity::Warning, Code::PlainTextSecret,
           "the secret stands here in plain text", std::move(hint));
    return !is_error;
}

Value type_plain_text(const Scalar& scalar, std::string_view text) {
    conceal(scalar);
    if (text.empty() && !scalar.field.options.allow_empty) {
        return refuse_secret(scalar, Code::Length, "the secret is an empty text",
                             "write null, or leave the key out, where there is no secret");
    }
    const bool is_fine = check_text(scalar, text);
    const bool is_permitted = text.empty() || permit_plain_text(scalar);
    return is_fine && is_permitted ? Value::secret(text, false, &scalar.node) : Value::invalid(&scalar.node);
}

}  // namespace

Value type_secret(const Scalar& scalar) {
    check_comment_tail(scalar);
    const std::string_view text = scalar.text();
    if (!text.starts_with(kSecretPrefix)) {
        return type_plain_text(scalar, text);
    }
    if (text.starts_with(kSecretEscape)) {
        return type_plain_text(scalar, scalar.typing.arena.copy(fmt::format(
                                           "{}{}", kSecretPrefix, text.substr(kSecretEscape.size()))));
    }
    return parse_secret_reference(text) ? Value::secret(text, true, &scalar.node) : refuse_reference(scalar);
}

}  // namespace quantconf::schema
