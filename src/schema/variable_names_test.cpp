#include "schema/variable_names.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "schema/schema_build.hpp"
#include "schema/test_bot.hpp"

namespace quantconf::schema {
namespace {

Field leaf(std::string name) {
    Field field;
    field.name = std::move(name);
    return field;
}

Field section(std::string name, Fields members) {
    Field field;
    field.name = std::move(name);
    field.type = Type::Struct;
    field.children = std::move(members);
    return field;
}

std::map<std::string, std::string> table_of(const Schema& schema) {
    std::map<std::string, std::string> table;
    for (const Variable& variable : schema.variables()) {
        table[variable.name] = variable.path;
    }
    return table;
}

Diagnostics collisions(const Field& root) {
    Diagnostics diagnostics;
    check_variables(make_variables(root, "BOT"), "BOT", diagnostics);
    return diagnostics;
}

TEST(VariableNames, follow_the_path) {
    EXPECT_EQ(variable_name("QUANTBOT", "trading.max_position_size"), "QUANTBOT_TRADING_MAX_POSITION_SIZE");
    EXPECT_EQ(variable_name("QUANTBOT", "trading.max_position_size", "__"),
              "QUANTBOT__TRADING__MAX_POSITION_SIZE");
    EXPECT_EQ(variable_name("BOT", "log-level"), "BOT_LOG_LEVEL");
    EXPECT_EQ(variable_name("BOT", ""), "BOT");
}

TEST(VariableNames, every_leaf_has_one) {
    const auto table = table_of(test::bot_schema());
    EXPECT_EQ(table.at("TESTBOT_DEBUG"), "debug");
    EXPECT_EQ(table.at("TESTBOT_TRADING_MAX_POSITION_SIZE"), "trading.max_position_size");
    EXPECT_EQ(table.at("TESTBOT_ALERT_TO"), "alert.to");
    EXPECT_EQ(table.at("TESTBOT_PASSWORD"), "password");
}

TEST(VariableNames, a_list_is_one_leaf) {
    const auto table = table_of(test::bot_schema());
    EXPECT_EQ(table.at("TESTBOT_HOSTS"), "hosts");
    EXPECT_FALSE(table.contains("TESTBOT_HOSTS_NAME"));
}

TEST(VariableNames, fixed_keys_are_written_out) {
    const auto table = table_of(test::bot_schema());
    EXPECT_EQ(table.at("TESTBOT_LIMITS_POLYGON_PER_MINUTE"), "limits.polygon.per_minute");
    EXPECT_EQ(table.at("TESTBOT_LIMITS_FINNHUB_KEY"), "limits.finnhub.key");
}

TEST(VariableNames, free_keys_keep_the_exact_separator_around_them) {
    EXPECT_EQ(table_of(test::bot_schema()).at("TESTBOT_WEIGHTS__<KEY>"), "weights.*");

    Field accounts = leaf("accounts");
    accounts.type = Type::Map;
    accounts.children = {section("", {leaf("user"), section("limits", {leaf("per_day")})})};
    const auto table = make_variables(section("", {accounts}), "BOT");
    ASSERT_EQ(table.size(), 2U);
    EXPECT_EQ(table[0].name, "BOT_ACCOUNTS__<KEY>__USER");
    EXPECT_EQ(table[0].path, "accounts.*.user");
    EXPECT_EQ(table[1].name, "BOT_ACCOUNTS__<KEY>__LIMITS_PER_DAY");
    EXPECT_EQ(table[1].path, "accounts.*.limits.per_day");
}

TEST(VariableNames, stand_in_the_order_of_the_schema) {
    const Schema schema = test::bot_schema();
    ASSERT_GE(schema.variables().size(), 3U);
    EXPECT_EQ(schema.variables()[0].path, "debug");
    EXPECT_EQ(schema.variables()[2].path, "trading.max_position_size");
    EXPECT_EQ(schema.variables()[2].field, schema.find("trading.max_position_size"));
}

TEST(VariableNames, t61_a_collision_names_both_paths) {
    const auto found = collisions(section("", {section("a", {leaf("b_c")}), section("a_b", {leaf("c")})}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].code, Code::VariableNameCollision);
    EXPECT_EQ(found[0].path, "a_b.c");
    EXPECT_EQ(found[0].message, "the variable BOT_A_B_C would mean both a.b_c and a_b.c");
}

TEST(VariableNames, a_dash_counts_as_an_underscore) {
    EXPECT_EQ(collisions(section("", {leaf("log-level"), leaf("log_level")})).size(), 1U);
}

TEST(VariableNames, the_file_form_of_one_must_not_be_another) {
    const auto found = collisions(section("", {leaf("log"), leaf("log_file")}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].message,
              "the variable BOT_LOG_FILE would mean both the file that holds log and log_file");
    EXPECT_TRUE(collisions(section("", {leaf("log_file")})).empty());
}

TEST(VariableNames, a_map_with_free_keys_owns_every_name_that_begins_with_its_own) {
    Field weights = leaf("weights");
    weights.type = Type::Map;
    weights.children = {leaf("")};
    const auto found = collisions(section("", {weights, leaf("weights_spy"), leaf("weight")}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].message, "the variable BOT_WEIGHTS_SPY would mean both weights.<key> and weights_spy");
}

TEST(VariableNames, the_switch_for_empty_values_is_reserved) {
    EXPECT_EQ(collisions(section("", {leaf("strict_empty")})).size(), 1U);
    EXPECT_EQ(collisions(section("", {section("strict", {leaf("empty")})})).size(), 1U);
}

/// A random section whose names are made of few pieces, so that collisions are frequent.
Field random_section(std::mt19937& random, std::string name, int depth) {
    static const std::vector<std::string> kPieces = {"a", "b"};
    const auto piece = [&] { return kPieces[random() % kPieces.size()]; };
    Fields members;
    std::set<std::string> used;
    for (std::size_t i = 0, count = 1 + random() % 5; i < count; ++i) {
        std::string member = piece();
        for (std::size_t more = random() % 3; more > 0; --more) {
            member += (random() % 4 == 0 ? '-' : '_') + piece();
        }
        if (used.insert(member).second) {
            members.push_back(depth > 0 && random() % 2 == 0 ? random_section(random, member, depth - 1)
                                                             : leaf(member));
        }
    }
    return section(std::move(name), std::move(members));
}

/// Every way to write a path with one or two underscores between its segments and behind the prefix.
std::vector<std::string> all_spellings(std::string_view path) {
    std::vector<std::string> spellings = {"BOT"};
    while (!path.empty()) {
        const auto dot = std::min(path.find('.'), path.size());
        std::vector<std::string> longer;
        for (const std::string& spelling : spellings) {
            for (const std::string_view separator : {"_", "__"}) {
                longer.push_back(variable_name(spelling, path.substr(0, dot), separator));
            }
        }
        spellings = std::move(longer);
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return spellings;
}

TEST(VariableNames, lead_to_one_leaf_in_every_schema_that_builds) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    std::mt19937 random{seed};
    int built = 0;
    int refused = 0;
    for (int round = 0; round < 500; ++round) {
        const Field root = random_section(random, {}, 2);
        Diagnostics diagnostics;
        const auto table = make_variables(root, "BOT");
        check_variables(table, "BOT", diagnostics);
        std::map<std::string, std::string> meaning;
        bool is_injective = true;
        for (const Variable& variable : table) {
            for (const std::string& spelling : all_spellings(variable.path)) {
                const auto [known, is_new] = meaning.emplace(spelling, variable.path);
                is_injective = is_injective && (is_new || known->second == variable.path);
            }
        }
        EXPECT_EQ(is_injective, diagnostics.empty());
        (diagnostics.empty() ? built : refused) += 1;
    }
    EXPECT_GT(built, 30);
    EXPECT_GT(refused, 30);
}

}  // namespace
}  // namespace quantconf::schema
