#include "schema/json_schema.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "format/parse.hpp"
#include "json_schema/sample.hpp"
#include "layers/load.hpp"
#include "quantconf/quantbot.hpp"
#include "schema/typing.hpp"

/// What we say about a value and what a JSON Schema validator says must be the same. The Python scripts
/// beside this file ask the validator about the very same files.
namespace quantconf {

namespace {

std::shared_ptr<Source> file(const std::string& name) {
    std::ifstream stream{std::string{QUANTCONF_SOURCE_DIR} + "/tests/json_schema/" + name};
    std::stringstream text;
    text << stream.rdbuf();
    return Source::make(Source::Kind::File, "test", name, text.str());
}

std::string written(const value::Node& node) {
    return std::string{node.source->text().substr(node.begin, node.end - node.begin)};
}

std::string all_text(const Diagnostics& diagnostics) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        text += to_text(diagnostic) + "\n";
    }
    return text;
}

std::shared_ptr<value::Document> parse_json(const std::string& text) {
    auto parsed = format::parse_json(Source::make(Source::Kind::File, "test", "x.json", text));
    EXPECT_FALSE(has_errors(parsed.diagnostics)) << text << all_text(parsed.diagnostics);
    return parsed.document;
}

/// Whether a layer with this value of `x` is right.
bool accepts(const Schema& schema, const std::string& value) {
    const auto document = parse_json(fmt::format(R"({{"x": {}}})", value));
    Arena arena;
    Diagnostics diagnostics;
    std::vector<schema::SecretSpan> secrets;
    schema::Typing typing{schema, Environment::Development, arena, diagnostics, secrets};
    static_cast<void>(schema::type_tree(typing, document->root));
    return !has_errors(diagnostics);
}

void expect_verdict(const Schema& schema, const value::Node& example, std::string_view list,
                    bool is_accepted) {
    if (const value::Entry* values = example.find(list)) {
        for (const value::Node& value : values->value.list()) {
            EXPECT_EQ(accepts(schema, written(value)), is_accepted)
                << written(example.find("about")->value) << ": " << written(value);
        }
    }
}

TEST(JsonSchema, values_are_judged_as_a_json_schema_validator_judges_them) {
    const auto cases = format::parse_json(file("cases.json"));
    ASSERT_NE(cases.document, nullptr);
    for (const value::Node& example : cases.document->root.find("cases")->value.list()) {
        const value::Entry* definitions = example.find("definitions");
        const auto document =
            parse_json(fmt::format(R"({{"$defs": {}, "type": "object", "properties": {{"x": {}}}}})",
                                   definitions == nullptr ? "{}" : written(definitions->value),
                                   written(example.find("field")->value)));
        const auto schema = schema::from_json_schema(*document);
        ASSERT_TRUE(schema) << written(example) << all_text(schema.error());
        expect_verdict(*schema, example, "good", true);
        expect_verdict(*schema, example, "bad", false);
        expect_verdict(*schema, example, "only_quantconf_accepts", true);
        expect_verdict(*schema, example, "only_json_schema_accepts", false);
    }
}

/// Whether a development.yaml with this text loads on top of a base that has everything required.
std::string problems_of(const Schema& schema, const std::string& layer, Environment environment) {
    const MemoryFiles files{{{"config/base.yaml", "account: A\n"},
                             {fmt::format("config/{}.yaml", name_of(environment)), layer + "\n"}}};
    layers::Inputs inputs;
    inputs.schema = &schema;
    inputs.files = &files;
    inputs.environment = environment;
    inputs.variables = {"CODE=AB1", "MAX=0.5"};
    const auto candidate = layers::load(inputs);
    if (!candidate) {
        return to_text(candidate.error());
    }
    return (*candidate)->ok ? "" : all_text((*candidate)->diagnostics);
}

void expect_layers(const Schema& schema, std::string_view list, bool is_accepted) {
    const auto layers = format::parse_yaml(file("sample_layers.yaml"));
    ASSERT_NE(layers.document, nullptr) << all_text(layers.diagnostics);
    const auto& texts = layers.document->root.find(list)->value;
    EXPECT_FALSE(texts.list().empty());
    for (const value::Node& text : texts.list()) {
        const std::string layer{text.scalar()};
        const std::string problems = problems_of(schema, layer, Environment::Development);
        EXPECT_EQ(problems.empty(), is_accepted) << layer << "\n" << problems;
    }
}

TEST(JsonSchema, the_exporting_schema_judges_layers_as_the_validator_does) {
    const Schema schema = sample::schema();
    expect_layers(schema, "good", true);
    expect_layers(schema, "bad", false);
    expect_layers(schema, "stricter_in_editors", true);
    expect_layers(schema, "stricter_in_quantconf", false);
}

TEST(JsonSchema, the_schema_that_was_read_back_judges_them_in_the_same_way) {
    const auto schema = schema::from_json_schema(*parse_json(schema::to_json_schema(sample::schema())));
    ASSERT_TRUE(schema) << all_text(schema.error());
    expect_layers(*schema, "good", true);
    expect_layers(*schema, "bad", false);
    expect_layers(*schema, "stricter_in_editors", true);
    expect_layers(*schema, "stricter_in_quantconf", false);
}

TEST(JsonSchema, the_schema_of_the_bot_survives_the_way_there_and_back) {
    const std::string text = schema::to_json_schema(quantbot::Config::schema());
    const auto schema = schema::from_json_schema(*parse_json(text));
    ASSERT_TRUE(schema) << all_text(schema.error());
    EXPECT_EQ(schema::to_json_schema(*schema), text);
}

TEST(JsonSchema, bounds_of_one_environment_survive_the_way_there_and_back) {
    const auto schema = schema::from_json_schema(*parse_json(schema::to_json_schema(sample::schema())));
    ASSERT_TRUE(schema) << all_text(schema.error());
    const std::string layer = "trading: {max_position_size: 0.5}";
    EXPECT_EQ(problems_of(*schema, layer, Environment::Staging), "");
    EXPECT_TRUE(problems_of(*schema, layer, Environment::Production).contains("QC1203"));
}

}  // namespace

}  // namespace quantconf
