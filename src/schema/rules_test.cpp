#include <gtest/gtest.h>

#include "schema/flow_tree.hpp"
#include "schema/test_bot.hpp"
#include "schema/typing.hpp"

namespace quantconf::schema {
namespace {

/// "more orders than symbols" points at max_orders.
std::vector<Finding> never_content(const RuleView& view) {
    return {{.path = "trading.max_orders",
             .message = "too many orders",
             .expected = "few",
             .found = std::to_string(view.at("trading.max_orders").as_integer()),
             .hint = "trade less"}};
}

Rule rule(std::vector<std::string> paths = {"trading.max_orders"}) {
    return {.name = "never_content",
            .text = "Nothing is ever right.",
            .paths = std::move(paths),
            .environments = {},
            .severity = Severity::Error,
            .check = never_content};
}

/// What one rule says about a text.
Diagnostics findings(Rule only, const FlowTree& tree, Environment environment = Environment::Development) {
    const Schema schema = test::bot_schema({std::move(only)});
    Arena arena;
    Diagnostics typing_diagnostics;
    Diagnostics result;
    std::vector<SecretSpan> secrets;
    Typing typing{schema, environment, arena, typing_diagnostics, secrets};
    const Value root = type_tree(typing, tree.root());
    Typing ruling{schema, environment, arena, result, secrets};
    run_rules(ruling, root);
    return result;
}

TEST(Rules, a_finding_points_at_the_value_it_names) {
    const FlowTree tree{"{trading: {max_position_size: 0.5, max_orders: 7}}"};
    const auto found = findings(rule(), tree);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].severity, Severity::Error);
    EXPECT_EQ(found[0].code, Code::RuleViolated);
    EXPECT_EQ(found[0].path, "trading.max_orders");
    EXPECT_EQ(found[0].message, "too many orders");
    EXPECT_EQ(found[0].expected, "few");
    EXPECT_EQ(found[0].found, "7");
    EXPECT_EQ(found[0].hint, "trade less");
    EXPECT_EQ(tree.source()->text().substr(found[0].origin.begin, 1), "7");
}

TEST(Rules, a_finding_about_a_default_waits_until_every_layer_is_readable) {
    const auto found_beside_a_broken_layer = [](const FlowTree& tree) {
        const Schema schema = test::bot_schema({rule()});
        Arena arena;
        Diagnostics result;
        std::vector<SecretSpan> secrets;
        Typing typing{schema, Environment::Development, arena, result, secrets, /*report_missing=*/false};
        run_rules(typing, type_tree(typing, tree.root()));
        return result.size();
    };
    EXPECT_EQ(found_beside_a_broken_layer(FlowTree{"{trading: {max_position_size: 0.5}}"}), 0U);
    EXPECT_EQ(found_beside_a_broken_layer(FlowTree{"{trading: {max_position_size: 0.5, max_orders: 7}}"}),
              1U);
}

TEST(Rules, a_finding_about_a_default_points_at_the_section_around_it) {
    const FlowTree tree{"{trading: {max_position_size: 0.5}}"};
    const auto found = findings(rule(), tree);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].origin.begin, tree.source()->text().find("{max"));
}

TEST(Rules, a_rule_of_another_environment_is_silent) {
    const FlowTree tree{"{trading: {max_position_size: 0.5, account: x}}"};
    Rule production = rule();
    production.environments = {Environment::Production};
    EXPECT_TRUE(findings(production, tree, Environment::Staging).empty());
    EXPECT_EQ(findings(production, tree, Environment::Production).size(), 1U);
}

TEST(Rules, a_warning_has_its_own_code) {
    const FlowTree tree{"{trading: {max_position_size: 0.5}}"};
    Rule warning = rule();
    warning.severity = Severity::Warning;
    const auto found = findings(warning, tree);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].code, Code::RuleWarning);
    EXPECT_FALSE(has_errors(found));
}

TEST(Rules, a_rule_is_skipped_where_its_input_is_wrong) {
    EXPECT_TRUE(findings(rule(), FlowTree{"{trading: {max_position_size: 0.5, max_orders: 51}}"}).empty());
}

TEST(Rules, a_rule_is_skipped_where_something_below_its_input_is_wrong) {
    const FlowTree tree{"{trading: {max_position_size: 9}}"};
    EXPECT_TRUE(findings(rule({"trading"}), tree).empty());
    EXPECT_EQ(findings(rule({"trading.max_orders"}), tree).size(), 1U);
}

TEST(Rules, a_rule_is_skipped_where_the_section_of_its_input_is_wrong) {
    EXPECT_TRUE(findings(rule(), FlowTree{"{trading: [1]}"}).empty());
    EXPECT_TRUE(findings(rule(), FlowTree{"{trading: {max_position_size: 0.5}, hosts: oops}"}).size() == 1U);
}

TEST(Rules, a_rule_is_skipped_where_its_input_is_missing) {
    EXPECT_TRUE(findings(rule({"trading.max_position_size"}), FlowTree{"{}"}).empty());
}

TEST(Rules, a_view_of_nothing_is_absent) {
    const Value root = Value::map({});
    const RuleView view{.root = root, .environment = Environment::Testing};
    EXPECT_TRUE(view.at("no.such.path").is_absent());
}

}  // namespace
}  // namespace quantconf::schema
