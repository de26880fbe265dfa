#include <chrono>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "format/parse.hpp"
#include "schema/json_schema.hpp"

namespace quantconf::schema {

namespace {

using namespace std::chrono_literals;

Checked<Schema> read(const std::string& text) {
    const auto parsed = format::parse_json(Source::make(Source::Kind::File, "schema", "s.json", text));
    if (parsed.document == nullptr || has_errors(parsed.diagnostics)) {
        return std::unexpected{parsed.diagnostics};
    }
    return from_json_schema(*parsed.document);
}

/// A schema with one property `x`.
std::string with_field(std::string_view field) {
    return fmt::format(R"({{"type": "object", "properties": {{"x": {}}}}})", field);
}

std::string all_text(const Diagnostics& diagnostics) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        text += to_text(diagnostic) + "\n";
    }
    return text;
}

/// The field `x` of such a schema, which must be right.
Field field_of(std::string_view field) {
    const auto schema = read(with_field(field));
    if (!schema) {
        ADD_FAILURE() << field << "\n" << all_text(schema.error());
        return {};
    }
    return *schema->find("x");
}

Value default_of(std::string_view field) {
    static std::vector<Schema> kept;  // Values live as long as their schema.
    auto schema = read(with_field(field));
    EXPECT_TRUE(schema) << field;
    return schema ? *kept.emplace_back(*std::move(schema)).defaults().find("x") : Value::absent();
}

/// What is wrong with such a schema, as "column code message".
std::string wrong_with(const std::string& text) {
    const auto schema = read(text);
    if (schema) {
        return "nothing";
    }
    std::string result;
    for (const Diagnostic& diagnostic : schema.error()) {
        result +=
            fmt::format("{}{}:{} {} {}", result.empty() ? "" : "; ", diagnostic.origin.position().line,
                        diagnostic.origin.position().column, to_string(diagnostic.code), diagnostic.message);
    }
    return result;
}

/// The same for one field; the column counts from the beginning of the field's own schema.
std::string wrong_field(std::string_view field) {
    const auto schema = read(with_field(field));
    if (schema) {
        return "nothing";
    }
    const auto offset = static_cast<std::uint32_t>(with_field("").find('}'));
    std::string result;
    for (const Diagnostic& diagnostic : schema.error()) {
        EXPECT_TRUE(diagnostic.path.starts_with('x')) << to_text(diagnostic);
        result += fmt::format("{}{} {} {}", result.empty() ? "" : "; ", diagnostic.origin.begin - offset + 1,
                              to_string(diagnostic.code), diagnostic.message);
    }
    return result;
}

TEST(JsonSchemaImport, types_become_fields) {
    EXPECT_EQ(field_of(R"({"type": "boolean"})").type, Type::Boolean);
    EXPECT_EQ(field_of(R"({"type": "integer"})").type, Type::Integer);
    EXPECT_EQ(field_of(R"({"type": "number"})").type, Type::Float);
    EXPECT_EQ(field_of(R"({"type": "string"})").type, Type::String);
    EXPECT_EQ(field_of(R"({"type": "array", "items": {"type": "string"}})").type, Type::List);
    EXPECT_EQ(field_of(R"({"type": "object", "properties": {}})").type, Type::Struct);
    EXPECT_EQ(field_of(R"({"type": "object", "additionalProperties": {"type": "string"}})").type, Type::Map);
    EXPECT_FALSE(field_of(R"({"type": "integer"})").nullable);
}

TEST(JsonSchemaImport, null_beside_a_type_makes_it_nullable) {
    EXPECT_TRUE(field_of(R"({"type": ["integer", "null"]})").nullable);
    EXPECT_TRUE(field_of(R"({"type": ["null", "object"], "properties": {}})").nullable);
}

TEST(JsonSchemaImport, an_enum_is_a_list_of_texts) {
    const Field field = field_of(R"({"enum": ["buy", "sell"]})");
    EXPECT_EQ(field.type, Type::Enum);
    EXPECT_EQ(field.names, (std::vector<std::string>{"buy", "sell"}));
    EXPECT_EQ(field_of(R"({"type": ["string", "null"], "enum": ["a", null]})").names.size(), 1U);
}

TEST(JsonSchemaImport, const_leaves_one_value) {
    EXPECT_EQ(field_of(R"({"const": "v2"})").names, std::vector<std::string>{"v2"});
    const Field field = field_of(R"({"type": "integer", "const": 7})");
    EXPECT_EQ(std::get<std::int64_t>(field.options.min->number()), 7);
    EXPECT_EQ(std::get<std::int64_t>(field.options.max->number()), 7);
}

TEST(JsonSchemaImport, bounds_keep_their_kind) {
    const Field integer = field_of(R"({"type": "integer", "minimum": -5, "maximum": 18446744073709551615})");
    EXPECT_EQ(std::get<std::int64_t>(integer.options.min->number()), -5);
    EXPECT_EQ(std::get<std::uint64_t>(integer.options.max->number()), 18446744073709551615U);
    const Field number = field_of(R"({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5})");
    EXPECT_EQ(std::get<double>(number.options.min->number()), 0.0);
    EXPECT_EQ(std::get<double>(number.options.max->number()), 0.5);
    EXPECT_TRUE(number.options.exclusive_min);
    EXPECT_TRUE(number.options.exclusive_max);
}

TEST(JsonSchemaImport, lengths_belong_to_texts_lists_and_maps) {
    const Field text = field_of(R"({"type": "string", "minLength": 2, "maxLength": 3})");
    EXPECT_EQ(text.options.min_length, 2U);
    EXPECT_EQ(text.options.max_length, 3U);
    const Field list =
        field_of(R"({"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 4})");
    EXPECT_EQ(list.options.min_length, 1U);
    EXPECT_EQ(list.options.max_length, 4U);
    const Field map = field_of(
        R"({"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1, "maxProperties": 5})");
    EXPECT_EQ(map.options.min_length, 1U);
    EXPECT_EQ(map.options.max_length, 5U);
}

TEST(JsonSchemaImport, a_pattern_that_is_not_anchored_matches_anywhere) {
    EXPECT_EQ(field_of(R"({"type": "string", "pattern": "^[a-z]+$"})").options.pattern, "[a-z]+");
    EXPECT_EQ(field_of(R"({"type": "string", "pattern": "b+"})").options.pattern, "(?s:.*)(?:b+)(?s:.*)");
    EXPECT_EQ(field_of(R"({"type": "string", "pattern": "^a|b$"})").options.pattern,
              "(?s:.*)(?:^a|b$)(?s:.*)");
    EXPECT_EQ(field_of(R"({"type": "string", "pattern": "^[|]\\|(a|b)$"})").options.pattern, R"([|]\|(a|b))");
    EXPECT_EQ(field_of(R"({"type": "string", "pattern": "^5\\$"})").options.pattern,
              R"((?s:.*)(?:^5\$)(?s:.*))");
}

TEST(JsonSchemaImport, formats_that_we_check_become_types) {
    EXPECT_EQ(field_of(R"({"type": "string", "format": "uri"})").type, Type::Url);
    EXPECT_EQ(field_of(R"({"type": "string", "format": "hostname"})").type, Type::Host);
}

TEST(JsonSchemaImport, defaults_are_typed_like_a_users_text) {
    EXPECT_EQ(default_of(R"({"type": "integer", "default": 5})").as_integer(), 5);
    EXPECT_EQ(default_of(R"({"type": "number", "default": 5})").as_number(), 5.0);
    EXPECT_EQ(default_of(R"({"type": "string", "default": "a"})").as_text(), "a");
    EXPECT_TRUE(default_of(R"({"type": "boolean", "default": true})").as_boolean());
    EXPECT_EQ(default_of(R"({"type": "string", "default": "30s", "x-quantconf": {"kind": "duration"}})")
                  .as_duration(),
              30s);
    EXPECT_EQ(
        default_of(R"({"type": "array", "items": {"type": "integer"}, "default": [1, 2]})").items().size(),
        2U);
    EXPECT_TRUE(default_of(R"({"type": "integer"})").is_absent());
    EXPECT_TRUE(default_of(R"({"type": ["integer", "null"], "default": null})").is_absent());
}

TEST(JsonSchemaImport, a_default_outlives_the_schema_file) {
    const Value value = [] {
        static const auto schema = read(with_field(R"({"type": "string", "default": "a text of its own"})"));
        return *schema->defaults().find("x");
    }();
    EXPECT_EQ(value.as_text(), "a text of its own");
    EXPECT_EQ(value.origin(), nullptr);
}

TEST(JsonSchemaImport, sections_start_with_the_defaults_of_their_members) {
    const auto schema = read(
        R"({"type": "object", "properties": {
            "a": {"type": "object", "properties": {"b": {"type": "integer", "default": 1}, "c": {"type": "string"}}},
            "off": {"type": ["object", "null"], "properties": {"b": {"type": "integer", "default": 2}}},
            "on": {"type": ["object", "null"], "properties": {"b": {"type": "integer", "default": 3},
                   "c": {"type": "integer", "default": 4}}, "default": {"c": 5}}}})");
    ASSERT_TRUE(schema) << all_text(schema.error());
    EXPECT_EQ(schema->defaults().at("a.b")->as_integer(), 1);
    EXPECT_TRUE(schema->defaults().at("a.c")->is_absent());
    EXPECT_TRUE(schema->defaults().at("off")->is_absent());
    EXPECT_EQ(schema->find("off")->default_value.at("b")->as_integer(), 2);
    EXPECT_EQ(schema->defaults().at("on.b")->as_integer(), 3);
    EXPECT_EQ(schema->defaults().at("on.c")->as_integer(), 5);
}

TEST(JsonSchemaImport, maps_may_have_fixed_keys) {
    const std::string_view map = R"({"type": "object", "additionalProperties": {"type": "integer"},
                                     "propertyNames": {"enum": ["a", "b"]}, "default": {"a": 1}})";
    EXPECT_EQ(field_of(map).options.keys, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(default_of(map).at("a")->as_integer(), 1);
}

TEST(JsonSchemaImport, required_names_members_of_the_section) {
    const auto schema = read(
        R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}})");
    ASSERT_TRUE(schema);
    EXPECT_TRUE(schema->find("a")->options.required);
    EXPECT_FALSE(schema->find("b")->options.required);
}

TEST(JsonSchemaImport, a_definition_is_used_where_it_is_referred_to) {
    const auto schema = read(
        R"({"type": "object", "$defs": {"part": {"type": "integer", "minimum": 1, "default": 5, "description": "p"}},
            "properties": {"a": {"$ref": "#/$defs/part"}, "b": {"$ref": "#/$defs/part", "default": 7}}})");
    ASSERT_TRUE(schema) << all_text(schema.error());
    EXPECT_EQ(schema->find("a")->options.help, "p");
    EXPECT_EQ(schema->defaults().at("a")->as_integer(), 5);
    EXPECT_EQ(schema->defaults().at("b")->as_integer(), 7);
    EXPECT_TRUE(schema->find("b")->options.min.has_value());
}

TEST(JsonSchemaImport, documentation_is_kept) {
    const Field field = field_of(
        R"({"type": "array", "items": {"type": "integer"}, "title": "T", "description": "Many.",
            "examples": [[1, 2], "5"], "deprecated": true})");
    EXPECT_EQ(field.options.help, "Deprecated. Many.");
    EXPECT_EQ(field.options.examples, (std::vector<std::string>{"[1, 2]", "5"}));
}

TEST(JsonSchemaImport, an_example_of_a_secret_is_a_reference) {
    const std::string text = R"({"type": "object", "properties": {"account":
{"type": "string", "x-quantconf": {"secret": true}, "examples": ["SECURE:account", "hush"]}}})";
    EXPECT_EQ(wrong_with(text), "2:84 QC1902 examples: an example of a secret is a reference");
}

TEST(JsonSchemaImport, x_quantconf_says_what_json_schema_has_no_word_for) {
    const Field field = field_of(R"({"type": "string", "description": "Patience. [s]", "x-quantconf":
        {"kind": "duration", "restart": true, "risk": "up", "aliases": ["old"], "required": true,
         "min": "1s", "exclusive_max": "1h", "stricter": {"production": {"max": "1m", "required": true}}}})");
    EXPECT_EQ(field.type, Type::Duration);
    EXPECT_EQ(field.options.reload, Reload::Restart);
    EXPECT_EQ(field.options.risk, Risk::Up);
    EXPECT_EQ(field.options.aliases, std::vector<std::string>{"old"});
    EXPECT_TRUE(field.options.required);
    EXPECT_EQ(std::get<Duration>(field.options.min->number()), 1s);
    EXPECT_EQ(std::get<Duration>(field.options.max->number()), 1h);
    EXPECT_TRUE(field.options.exclusive_max);
    ASSERT_EQ(field.options.stricter.size(), 1U);
    EXPECT_EQ(field.options.stricter[0].environment, Environment::Production);
    EXPECT_TRUE(field.options.stricter[0].required);
}

TEST(JsonSchemaImport, secrets_kinds_and_lists_are_marked) {
    const Field secret = field_of(
        R"({"type": "string", "x-quantconf": {"secret": true, "allow_plain_text": true, "allow_variable": true}})");
    EXPECT_EQ(secret.type, Type::Secret);
    EXPECT_TRUE(secret.options.allow_plain_text);
    EXPECT_TRUE(secret.options.allow_variable);
    EXPECT_EQ(field_of(R"({"type": "integer", "x-quantconf": {"kind": "port"}})").type, Type::Port);
    EXPECT_EQ(field_of(R"({"type": "string", "x-quantconf": {"kind": "url", "schemes": ["https"]}})")
                  .options.schemes,
              std::vector<std::string>{"https"});
    const Field list =
        field_of(R"({"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}},
                                    "x-quantconf": {"merge": "by_key", "merge_key": "id", "min_length": 1}})");
    EXPECT_EQ(list.options.merge, ListMerge::ByKey);
    EXPECT_EQ(list.options.merge_key, "id");
    EXPECT_EQ(list.options.min_length, 1U);
}

TEST(JsonSchemaImport, the_root_names_the_program) {
    const auto schema = read(R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:shop",
        "type": "object", "title": "Shop", "description": "Sells.", "properties": {},
        "x-quantconf": {"app": "shop", "env_prefix": "SHOPPING", "local_yaml": ["testing"],
                        "rules": [{"name": "no_debug", "text": "Never.", "environments": ["production"]}]}})");
    ASSERT_TRUE(schema) << all_text(schema.error());
    EXPECT_EQ(schema->options().app, "shop");
    EXPECT_EQ(schema->options().env_prefix, "SHOPPING");
    EXPECT_EQ(schema->options().title, "Shop");
    EXPECT_EQ(schema->options().help, "Sells.");
    EXPECT_EQ(schema->options().local_yaml, std::vector{Environment::Testing});
    ASSERT_EQ(schema->options().rules.size(), 1U);
    EXPECT_EQ(schema->options().rules[0].environments, std::vector{Environment::Production});
}

TEST(JsonSchemaImport, the_prefix_of_variables_follows_the_name) {
    const auto schema = read(R"({"type": "object", "properties": {}, "x-quantconf": {"app": "my-shop"}})");
    ASSERT_TRUE(schema);
    EXPECT_EQ(schema->options().env_prefix, "MY_SHOP");
}

TEST(JsonSchemaImport, a_rule_from_a_file_says_at_every_load_that_nobody_checks_it) {
    const auto schema = read(R"({"type": "object", "properties": {},
        "x-quantconf": {"rules": [{"name": "no_debug", "text": "Never debug."}]}})");
    ASSERT_TRUE(schema);
    const Rule& rule = schema->options().rules[0];
    EXPECT_EQ(rule.severity, Severity::Warning);
    const auto findings = rule.check({schema->defaults(), Environment::Production});
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].message, "rule no_debug is not checked: Never debug.");
}

TEST(JsonSchemaImport, any_other_keyword_is_an_error_at_its_place) {
    EXPECT_EQ(wrong_field(R"({"type": "integer", "multipleOf": 5})"),
              R"(21 QC1901 the keyword "multipleOf" is not supported)");
    EXPECT_EQ(wrong_field(R"({"type": "integer", "x-quantconf": {"restrat": true}})"),
              R"(37 QC1901 in x-quantconf, "restrat" is not supported)");
    for (const std::string_view keyword : {"allOf",
                                           "oneOf",
                                           "not",
                                           "if",
                                           "then",
                                           "else",
                                           "contains",
                                           "uniqueItems",
                                           "prefixItems",
                                           "dependentRequired",
                                           "dependentSchemas",
                                           "$anchor",
                                           "$dynamicRef",
                                           "unevaluatedProperties",
                                           "$comment",
                                           "readOnly",
                                           "writeOnly",
                                           "contentEncoding",
                                           "definitions",
                                           "$id",
                                           "$defs",
                                           "$schema"}) {
        EXPECT_EQ(wrong_field(fmt::format(R"({{"{}": 1, "type": "integer"}})", keyword)),
                  fmt::format(R"(2 QC1901 the keyword "{}" is not supported)", keyword));
    }
}

TEST(JsonSchemaImport, a_misspelt_keyword_brings_a_suggestion) {
    const auto schema = read(with_field(R"({"type": "integer", "minimun": 5})"));
    ASSERT_FALSE(schema);
    EXPECT_EQ(schema.error()[0].hint, "did you mean minimum?");
}

TEST(JsonSchemaImport, a_type_must_be_one_of_ours) {
    EXPECT_EQ(wrong_field(R"({})"), "1 QC1902 type is missing");
    EXPECT_EQ(
        wrong_field(R"({"type": "text"})"),
        R"(10 QC1902 type: expected null, boolean, integer, number, string, array or object, found "text")");
    EXPECT_EQ(wrong_field(R"({"type": ["integer", "string"]})"),
              R"(10 QC1902 type: expected one type, or one type and "null")");
    EXPECT_EQ(wrong_field(R"(true)"), "1 QC1902 schema: expected a mapping, found true");
    EXPECT_EQ(wrong_with(R"({"type": "array", "items": {"type": "string"}})"),
              "1:10 QC1902 the root of a schema is an object");
}

TEST(JsonSchemaImport, a_keyword_of_another_type_is_an_error) {
    EXPECT_EQ(wrong_field(R"({"type": "string", "minimum": 5})"),
              "20 QC1902 minimum says nothing about a field of type text");
    EXPECT_EQ(wrong_field(R"({"type": "integer", "pattern": "a"})"),
              "21 QC1902 pattern says nothing about a field of type integer");
    EXPECT_EQ(wrong_field(R"({"type": "integer", "enum": [1, 2]})"),
              "21 QC1902 enum says nothing about a field of type integer");
    EXPECT_EQ(wrong_field(R"({"type": "string", "format": "date"})"),
              R"(30 QC1902 format: expected uri or hostname, found "date")");
}

TEST(JsonSchemaImport, values_of_keywords_are_checked) {
    EXPECT_EQ(wrong_field(R"({"type": "integer", "minimum": 0.5})"),
              "32 QC1902 minimum: expected a whole number, found 0.5");
    EXPECT_EQ(wrong_field(R"({"type": "number", "maximum": "5"})"),
              R"(31 QC1902 maximum: expected a number, found "5")");
    EXPECT_EQ(wrong_field(R"({"type": "string", "minLength": -1})"),
              "33 QC1902 minLength: expected a whole number of at least 0, found -1");
    EXPECT_EQ(wrong_field(R"({"enum": []})"), "10 QC1902 enum: expected at least one text");
    EXPECT_EQ(wrong_field(R"({"enum": ["a", 5]})"), "16 QC1902 enum: expected texts only, found 5");
    EXPECT_EQ(wrong_field(R"({"type": "boolean", "const": true})"),
              "21 QC1902 const says nothing about a field of type boolean");
    EXPECT_EQ(wrong_field(R"({"type": "integer", "description": 5})"),
              "36 QC1902 description: expected a text, found 5");
    EXPECT_EQ(wrong_field(R"({"type": "string", "x-quantconf": {"kind": "date"}})"),
              R"(44 QC1902 kind: expected duration, size, url, host, port or timezone, found "date")");
    EXPECT_EQ(wrong_field(R"({"type": "string", "x-quantconf": {"kind": "port"}})"),
              R"(44 QC1902 kind port needs "type": "integer")");
    EXPECT_EQ(wrong_field(R"({"type": "integer", "x-quantconf": {"risk": "sideways"}})"),
              R"(45 QC1902 risk: expected up or down, found "sideways")");
}

TEST(JsonSchemaImport, a_pattern_must_be_one_that_we_can_match) {
    const std::string wrong = wrong_field(R"({"type": "string", "pattern": "(?=a)b"})");
    EXPECT_TRUE(wrong.starts_with("31 QC1902 pattern: ")) << wrong;
}

TEST(JsonSchemaImport, a_default_that_is_no_value_of_its_field_is_an_error_at_its_place) {
    EXPECT_EQ(wrong_field(R"({"type": "integer", "maximum": 3, "default": 5})").substr(0, 9), "46 QC1203");
    EXPECT_EQ(wrong_field(R"({"type": "integer", "default": "5"})").substr(0, 9), "32 QC1202");
    EXPECT_EQ(wrong_field(R"({"type": "integer", "default": [5]})"),
              "32 QC1902 default: expected a value of type integer, found a list");
    EXPECT_EQ(wrong_field(R"({"type": "integer", "default": null})"),
              "32 QC1902 default: expected a value of type integer, found null");
    EXPECT_EQ(
        wrong_field(
            R"({"type": ["object", "null"], "properties": {"a": {"type": "string"}}, "default": {"b": "c"}})"),
        R"(83 QC1902 default: there is no property "b")");
}

TEST(JsonSchemaImport, a_secret_in_the_schema_is_refused_and_never_shown) {
    const auto schema = read(
        with_field(R"({"type": "string", "default": "hunter2-canary", "x-quantconf": {"secret": true}})"));
    ASSERT_FALSE(schema);
    EXPECT_EQ(schema.error()[0].message, "a secret has no default");
    EXPECT_EQ(all_text(schema.error()).find("canary"), std::string::npos);
}

TEST(JsonSchemaImport, an_object_says_which_keys_it_has) {
    EXPECT_TRUE(wrong_field(R"({"type": "object"})").starts_with("1 QC1902 an object needs properties"));
    EXPECT_TRUE(wrong_field(R"({"type": "object", "additionalProperties": true})")
                    .starts_with("44 QC1902 an object needs properties"));
    EXPECT_EQ(wrong_field(R"({"type": "object", "properties": {}, "additionalProperties": true})"),
              "62 QC1902 additionalProperties: expected false beside fixed properties");
    EXPECT_EQ(
        wrong_field(R"({"type": "object", "properties": {}, "additionalProperties": {"type": "string"}})"),
        "62 QC1902 additionalProperties: expected false beside fixed properties");
    EXPECT_EQ(wrong_field(R"({"type": "object", "properties": {}, "patternProperties": {"^y": true}})"),
              R"(59 QC1902 patternProperties: expected {"^x-": true} and nothing else)");
    EXPECT_EQ(wrong_field(R"({"type": "array"})"), "1 QC1902 a list needs items: what it contains");
    EXPECT_EQ(
        wrong_field(R"({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["b"]})"),
        R"(74 QC1902 required: there is no property "b")");
}

TEST(JsonSchemaImport, references_lead_to_definitions_and_end_somewhere) {
    EXPECT_EQ(wrong_field(R"({"$ref": "#/$defs/a"})"), R"(10 QC1902 $defs has no "a")");
    EXPECT_EQ(wrong_field(R"({"$ref": "https://example.org/s.json"})"),
              R"(10 QC1902 $ref: expected #/$defs/NAME, found "https://example.org/s.json")");
    EXPECT_EQ(wrong_with(R"({"$defs": {"a": {"type": "object", "properties": {"b": {"$ref": "#/$defs/a"}}}},
"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}})"),
              "1:65 QC1902 #/$defs/a contains itself");
    EXPECT_EQ(wrong_with(R"({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}})"),
              "1:54 QC1902 #/$defs/a contains itself");
}

TEST(JsonSchemaImport, definitions_that_multiply_are_stopped) {
    std::string definitions = R"("d0": {"type": "integer"})";
    for (int i = 1; i < 40; ++i) {
        definitions += fmt::format(
            R"(, "d{0}": {{"type": "object", "properties": {{"a": {{"$ref": "#/$defs/d{1}"}}, "b": {{"$ref": "#/$defs/d{1}"}}}}}})",
            i, i - 1);
    }
    const std::string wrong = wrong_with(fmt::format(
        R"({{"$defs": {{{}}}, "type": "object", "properties": {{"x": {{"$ref": "#/$defs/d39"}}}}}})",
        definitions));
    EXPECT_TRUE(wrong.contains("the schema describes more than 10000 fields")) << wrong;
}

TEST(JsonSchemaImport, a_keyword_here_and_in_the_definition_would_have_to_hold_twice) {
    EXPECT_EQ(wrong_with(R"({"$defs": {"a": {"type": "integer", "minimum": 1}}, "type": "object",
"properties": {"x": {"$ref": "#/$defs/a", "type": "integer", "minimum": 5}}})"),
              "2:73 QC1902 minimum stands here and in the schema that is referred to");
}

TEST(JsonSchemaImport, a_definition_that_nobody_uses_is_checked_too) {
    EXPECT_EQ(
        wrong_with(
            R"({"$defs": {"a": {"typ": "integer", "type": "string"}}, "type": "object", "properties": {}})"),
        R"(1:18 QC1901 the keyword "typ" is not supported)");
}

TEST(JsonSchemaImport, a_definition_that_is_used_twice_is_wrong_once) {
    EXPECT_EQ(
        wrong_with(R"({"$defs": {"a": {"type": "text"}}, "type": "object",
"properties": {"x": {"$ref": "#/$defs/a"}, "y": {"$ref": "#/$defs/a"}}})"),
        R"(1:26 QC1902 type: expected null, boolean, integer, number, string, array or object, found "text")");
}

TEST(JsonSchemaImport, any_of_is_only_for_interpolated_texts) {
    EXPECT_EQ(wrong_field(R"({"anyOf": [{"type": "integer"}, {"type": "string"}]})").substr(0, 67),
              R"(11 QC1902 anyOf: expected two schemas of which the second is {"$ref)");
    EXPECT_TRUE(wrong_field(R"({"anyOf": [{"type": "integer"}, {"$ref": "#/$defs/interpolated"}]})")
                    .contains("$defs has no \"interpolated\""));
}

TEST(JsonSchemaImport, what_contradicts_itself_is_shown_at_the_field) {
    EXPECT_EQ(wrong_with(R"({"type": "object", "properties": {
"a_b": {"type": "string"},
"x": {"type": "integer", "minimum": 5, "maximum": 3}}})"),
              "3:1 QC1902 min 5 and max 3 leave no value");
    EXPECT_EQ(wrong_with(R"({"type": "object", "properties": {
"Big": {"type": "string"}}})")
                  .substr(0, 10),
              "2:1 QC1902");
}

TEST(JsonSchemaImport, an_old_spelling_and_its_field_must_agree) {
    EXPECT_EQ(wrong_with(R"({"type": "object", "properties": {
"old": {"deprecated": true, "x-quantconf": {"moved_to": "new"}},
"new": {"type": "integer"}}})"),
              "2:57 QC1902 moved_to: new does not name old among its aliases");
    const auto schema = read(R"({"type": "object", "properties": {
        "old": {"deprecated": true, "x-quantconf": {"moved_to": "new"}},
        "new": {"type": "integer", "x-quantconf": {"aliases": ["old"]}}}})");
    ASSERT_TRUE(schema) << all_text(schema.error());
    EXPECT_EQ(schema->root().children.size(), 1U);
}

TEST(JsonSchemaImport, another_dialect_is_refused) {
    EXPECT_EQ(
        wrong_with(
            R"({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": {}})")
            .substr(0, 61),
        "1:13 QC1902 $schema: expected https://json-schema.org/draft/2");
}

TEST(JsonSchemaImport, everything_wrong_is_reported_in_one_run) {
    EXPECT_EQ(wrong_with(R"({"type": "object", "requird": [], "properties": {
"a": {"type": "integr"},
"b": {"type": "integer", "minimum": "1"},
"c": {"type": "string", "default": 5.5, "examples": 5}}})"),
              "1:20 QC1901 the keyword \"requird\" is not supported; "
              "2:15 QC1902 type: expected null, boolean, integer, number, string, array or object, found "
              "\"integr\"; "
              "3:37 QC1902 minimum: expected a whole number, found \"1\"; "
              "4:53 QC1902 examples: expected a list, found 5");
}

TEST(JsonSchemaImport, a_schema_may_be_yaml) {
    const auto parsed =
        format::parse_yaml(Source::make(Source::Kind::File, "schema", "s.yaml",
                                        "type: object\nproperties:\n  side:\n    enum: [buy, sell]\n"
                                        "  limit: {type: integer, minimum: 1}\n"));
    ASSERT_NE(parsed.document, nullptr);
    const auto schema = from_json_schema(*parsed.document);
    ASSERT_TRUE(schema) << all_text(schema.error());
    EXPECT_EQ(schema->find("side")->names.size(), 2U);
}

TEST(JsonSchemaImport, operators_have_no_meaning_in_a_schema) {
    const auto parsed = format::parse_yaml(
        Source::make(Source::Kind::File, "schema", "s.yaml", "type: object\nproperties: !replace {}\n"));
    ASSERT_NE(parsed.document, nullptr);
    const auto schema = from_json_schema(*parsed.document);
    ASSERT_FALSE(schema);
    EXPECT_EQ(schema.error()[0].message, "an operator has no meaning in a schema file");
}

TEST(JsonSchemaImport, long_lists_and_numbers_do_not_fill_the_screen) {
    std::string names;
    for (int i = 0; i <= 10'000; ++i) {
        names += "a" + std::to_string(i) + ", ";
    }
    const std::string text = "type: object\nrequired: [" + names +
                             "]\nproperties:\n  a: {type: string, x-quantconf: {aliases: [" + names +
                             "]}}\n  b: {type: integer, maximum: " + std::string(100'000, '9') + "}\n";
    const auto parsed = format::parse_yaml(Source::make(Source::Kind::File, "schema", "s.yaml", text));
    const auto schema = from_json_schema(*parsed.document);

    ASSERT_FALSE(schema);
    ASSERT_EQ(schema.error().size(), 3U);
    for (const Diagnostic& diagnostic : schema.error()) {
        EXPECT_LT(diagnostic.message.size(), 200U);
    }
}

}  // namespace

}  // namespace quantconf::schema
