#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/typing.hpp"

namespace quantconf::schema::testing {

/// What came out of one call of type_scalar, and what it points into.
struct Typed {
    std::shared_ptr<Source> source;
    std::shared_ptr<Arena> arena = std::make_shared<Arena>();
    std::shared_ptr<value::Node> node;
    Value value;
    Diagnostics diagnostics;
    std::vector<SecretSpan> secrets;

    [[nodiscard]] bool ok() const { return diagnostics.empty() && !value.is_invalid(); }
    /// "QC1203 expected 1..5, found 7 | hint"; several diagnostics on lines of their own.
    [[nodiscard]] std::string report() const {
        std::string text;
        for (const Diagnostic& diagnostic : diagnostics) {
            text += text.empty() ? "" : "\n";
            text += diagnostic.severity == Severity::Warning ? "warning " : "";
            text += to_string(diagnostic.code) + " " + diagnostic.message;
            text += diagnostic.hint.empty() ? "" : " | " + diagnostic.hint;
        }
        return text;
    }
};

/// A schema without fields: type_scalar is given its field by hand.
inline const Schema& empty_schema() {
    static const Schema schema = [] {
        Field root;
        root.type = Type::Struct;
        return Schema::build(std::move(root), {.app = "test",
                                               .env_prefix = "TEST",
                                               .title = {},
                                               .help = {},
                                               .local_yaml = {},
                                               .rules = {}})
            .value();
    }();
    return schema;
}

struct Written {
    std::string_view text;
    value::Style style = value::Style::Plain;
    Source::Kind kind = Source::Kind::File;
    std::string name = "config/base.yaml";
    std::string tail = {};  ///< Stands behind the scalar in the source.
    Environment environment = Environment::Development;
    /// Not empty: the source has ${...} here and `text` is what became of it.
    std::string interpolation = {};
};

inline Typed type(const Field& field, const Written& written) {
    using value::Style;
    const std::string quote = written.style == Style::SingleQuoted   ? "'"
                              : written.style == Style::DoubleQuoted ? "\""
                                                                     : "";
    const std::string in_source =
        quote + (written.interpolation.empty() ? std::string{written.text} : written.interpolation) + quote;
    const std::string start = written.kind == Source::Kind::File ? "key: " : "";

    Typed typed;
    typed.source = Source::make(written.kind, "base", written.name, start + in_source + written.tail);
    typed.node = std::make_shared<value::Node>(
        value::scalar_node(typed.arena->copy(written.text), written.style, typed.source.get(),
                           static_cast<std::uint32_t>(start.size()),
                           static_cast<std::uint32_t>(start.size() + in_source.size())));
    typed.node->is_interpolated = !written.interpolation.empty();

    Typing typing{.schema = empty_schema(),
                  .environment = written.environment,
                  .arena = *typed.arena,
                  .diagnostics = typed.diagnostics,
                  .secrets = typed.secrets};
    typed.value = type_scalar(typing, *typed.node, field, "key");
    return typed;
}

inline Typed plain(const Field& field, std::string_view text) {
    return type(field, {.text = text});
}
inline Typed quoted(const Field& field, std::string_view text) {
    return type(field, {.text = text, .style = value::Style::DoubleQuoted});
}
/// As from a variable.
inline Typed verbatim(const Field& field, std::string_view text) {
    return type(
        field,
        {.text = text, .style = value::Style::Verbatim, .kind = Source::Kind::Variable, .name = "TEST_KEY"});
}

inline Field field_of(Type type, Options options = {}) {
    Field field;
    field.name = "key";
    field.type = type;
    field.options = std::move(options);
    return field;
}

}  // namespace quantconf::schema::testing
