#include <string>

#include <gtest/gtest.h>

#include "format/parse.hpp"
#include "json_schema/sample.hpp"
#include "schema/json_schema.hpp"

namespace quantconf::schema {

namespace {

std::shared_ptr<value::Document> parse(const std::string& text) {
    auto parsed = format::parse_json(Source::make(Source::Kind::File, "schema", "sample.json", text));
    for (const Diagnostic& diagnostic : parsed.diagnostics) {
        ADD_FAILURE() << to_text(diagnostic);
    }
    return parsed.document;
}

Checked<Schema> read_back(const std::string& text) {
    auto schema = from_json_schema(*parse(text));
    if (!schema) {
        for (const Diagnostic& diagnostic : schema.error()) {
            ADD_FAILURE() << to_text(diagnostic);
        }
    }
    return schema;
}

/// The piece of the exported schema behind `key`, on one line without spaces.
std::string exported(std::string_view key) {
    const std::string text = to_json_schema(sample::schema());
    const auto begin = text.find("\"" + std::string{key} + "\": {");
    if (begin == std::string::npos) {
        return "none";
    }
    std::string result;
    int depth = 0;
    for (std::size_t i = text.find('{', begin); i < text.size(); ++i) {
        if (text[i] != '\n' && !(text[i] == ' ' && (result.empty() || result.back() != ':'))) {
            result += text[i];
        }
        depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
        if (depth == 0) {
            break;
        }
    }
    return result;
}

TEST(JsonSchemaExport, the_root_names_dialect_program_and_rules) {
    const std::string text = to_json_schema(sample::schema());
    EXPECT_TRUE(text.contains(R"("$schema": "https://json-schema.org/draft/2020-12/schema")"));
    EXPECT_TRUE(text.contains(R"("$id": "urn:quantconf:sample")"));
    EXPECT_TRUE(text.contains(R"("title": "Sample bot")"));
    EXPECT_TRUE(text.contains(R"("env_prefix": "SAMPLE")"));
    EXPECT_TRUE(text.contains(R"("text": "Tests never trade.")"));
}

TEST(JsonSchemaExport, a_number_keeps_its_own_range_or_that_of_its_type) {
    EXPECT_EQ(exported("per_minute"),
              R"({"default": 60,"anyOf": [{"type": "integer","minimum": 1,"maximum": 10000},)"
              R"({"$ref": "#/$defs/interpolated"}]})");
    EXPECT_TRUE(exported("quantity").contains(R"("minimum": 1,"maximum": 65535)"));
    EXPECT_TRUE(exported("any").contains(R"("type": "integer","maximum": 9223372036854775807)"));
    EXPECT_TRUE(exported("big").contains(R"("type": "integer","minimum": 0})"));
    EXPECT_TRUE(exported("limit").contains(R"("type": ["number","null"],"exclusiveMinimum": 0)"));
}

TEST(JsonSchemaExport, help_and_unit_are_the_description) {
    EXPECT_TRUE(exported("quantity").contains("How"));
    EXPECT_TRUE(to_json_schema(sample::schema()).contains(R"("description": "How many. [contracts]")"));
}

TEST(JsonSchemaExport, layers_are_fragments_but_items_of_a_list_are_whole) {
    const std::string text = to_json_schema(sample::schema());
    const auto first = text.find("\"required\": [");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(text.find("\"required\": [", first + 1), std::string::npos);
    EXPECT_GT(first, text.find("\"legs\": {"));
    EXPECT_TRUE(exported("account").contains(R"("required": true)"));
}

TEST(JsonSchemaExport, a_required_field_and_a_secret_have_no_default) {
    EXPECT_FALSE(exported("account").contains("default"));
    EXPECT_FALSE(exported("token").contains("default"));
}

TEST(JsonSchemaExport, defaults_of_maps_are_written_by_key) {
    EXPECT_TRUE(exported("limits").contains(
        R"("default": {"fred": {"per_minute": 60,"per_day": null},"polygon": {"per_minute": 300,"per_day": null}})"));
}

TEST(JsonSchemaExport, examples_are_values_without_the_quotes_of_yaml) {
    EXPECT_TRUE(exported("scores").contains(R"("examples": [)"));
    EXPECT_TRUE(to_json_schema(sample::schema()).contains("        \"x\"\n"));
    EXPECT_TRUE(to_json_schema(sample::schema()).contains("0.05\n"));
}

TEST(JsonSchemaExport, a_secret_is_never_interpolated) {
    EXPECT_FALSE(exported("token").contains("anyOf"));
    EXPECT_TRUE(exported("token").contains("SECURE:"));
}

TEST(JsonSchemaExport, an_old_spelling_says_where_the_value_lives_now) {
    const std::string text = to_json_schema(sample::schema());
    EXPECT_TRUE(text.contains(R"("description": "Write trading.max_position_size instead.")"));
    EXPECT_TRUE(text.contains(R"("$ref": "#/properties/trading/properties/max_position_size")"));
    EXPECT_TRUE(exported("position").contains(R"("deprecated": true)"));
}

TEST(JsonSchemaExport, what_is_read_back_is_the_same_schema) {
    const std::string text = to_json_schema(sample::schema());
    const auto schema = read_back(text);
    ASSERT_TRUE(schema);
    EXPECT_EQ(to_json_schema(*schema), text);
    EXPECT_EQ(schema->aliases(), sample::schema().aliases());
}

TEST(JsonSchemaExport, what_is_read_back_has_the_same_variables) {
    const auto schema = read_back(to_json_schema(sample::schema()));
    ASSERT_TRUE(schema);
    const auto original = sample::schema();
    ASSERT_EQ(schema->variables().size(), original.variables().size());
    for (std::size_t i = 0; i < schema->variables().size(); ++i) {
        EXPECT_EQ(schema->variables()[i].name, original.variables()[i].name);
        EXPECT_EQ(schema->variables()[i].path, original.variables()[i].path);
        EXPECT_EQ(schema->variables()[i].field->type, original.variables()[i].field->type);
    }
}

TEST(JsonSchemaExport, a_changed_definition_of_interpolated_is_not_taken_for_ours) {
    std::string text = to_json_schema(sample::schema());
    const auto pattern = text.rfind(R"("pattern": "^(?:[^$])");
    ASSERT_NE(pattern, std::string::npos);
    text.replace(pattern, 12, R"("pattern": "x)");
    const auto schema = from_json_schema(*parse(text));
    ASSERT_FALSE(schema);
    EXPECT_TRUE(schema.error()[0].message.starts_with("$defs.interpolated: expected the pattern"));
}

}  // namespace

}  // namespace quantconf::schema
