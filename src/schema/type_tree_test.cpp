#include "schema/type_tree.hpp"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "schema/flow_tree.hpp"
#include "schema/test_bot.hpp"
#include "value/canonical.hpp"

namespace quantconf::schema {
namespace {

/// One tree typed against the bot's schema, and questions about the result.
class Typed {
public:
    explicit Typed(std::string text, Environment environment = Environment::Development,
                   bool report_missing = true)
        : tree_{std::move(text)} {
        Typing typing{schema_, environment, arena_, diagnostics_, secrets_, report_missing};
        root_ = type_tree(typing, tree_.root());
        for (const SecretSpan& span : secrets_) {
            tree_.source()->conceal(span.begin, span.end);  // As the loader does.
        }
    }

    [[nodiscard]] const Diagnostics& diagnostics() const { return diagnostics_; }
    [[nodiscard]] const Value& root() const { return root_; }
    [[nodiscard]] test::Bot bot() const { return decode<test::Bot>(root_); }
    [[nodiscard]] const Value& at(std::string_view path) const { return *root_.at(path); }

    /// "path: message" of each diagnostic.
    [[nodiscard]] std::vector<std::string> texts() const {
        std::vector<std::string> result;
        for (const Diagnostic& diagnostic : diagnostics_) {
            result.push_back(diagnostic.path + ": " + diagnostic.message);
        }
        return result;
    }
    /// The only diagnostic.
    [[nodiscard]] Diagnostic only() const {
        EXPECT_EQ(diagnostics_.size(), 1U);
        return diagnostics_.empty() ? Diagnostic{} : diagnostics_.front();
    }
    [[nodiscard]] std::string slice(const Origin& origin) const {
        return std::string{tree_.source()->text().substr(origin.begin, origin.end - origin.begin)};
    }
    /// The texts that must not be shown.
    [[nodiscard]] std::vector<std::string> concealed() const {
        std::vector<std::string> result;
        for (const SecretSpan& span : secrets_) {
            result.emplace_back(span.source->text().substr(span.begin, span.end - span.begin));
        }
        return result;
    }

private:
    FlowTree tree_;
    Schema schema_ = test::bot_schema();
    Arena arena_;
    Diagnostics diagnostics_;
    std::vector<SecretSpan> secrets_;
    Value root_;
};

using Texts = std::vector<std::string>;

TEST(TypeTree, gives_every_value_its_type) {
    const Typed typed{R"({debug: true, side: buy, password: SECURE:db,
        trading: {max_position_size: 0.05, max_orders: 7, timeout: 1s, account: live},
        limits: {finnhub: {per_minute: 60}}, weights: {qqq: 2},
        hosts: [{name: a}, {name: b, port: 1}], symbols: [QQQ, IWM], alert: {to: me, log: 2KiB}})"};
    EXPECT_EQ(typed.texts(), Texts{});
    const test::Bot bot = typed.bot();
    EXPECT_TRUE(bot.debug);
    EXPECT_EQ(bot.side, test::Side::Buy);
    EXPECT_EQ(bot.password.reference(), "SECURE:db");
    EXPECT_EQ(bot.trading.max_position_size, 0.05);
    EXPECT_EQ(bot.trading.max_orders, 7);
    EXPECT_EQ(bot.trading.timeout, std::chrono::seconds{1});
    EXPECT_EQ(bot.trading.account, "live");
    EXPECT_EQ(bot.limits.at("finnhub").per_minute, 60);
    EXPECT_EQ(bot.weights.at("qqq"), 2);
    EXPECT_EQ(bot.hosts.at(0).port, 5432);
    EXPECT_EQ(bot.hosts.at(1).port, 1);
    EXPECT_EQ(bot.symbols, (std::vector<std::string>{"QQQ", "IWM"}));
    EXPECT_EQ(bot.alert->log.bytes, 2048U);
}

TEST(TypeTree, members_stand_in_the_order_of_the_schema) {
    const Typed typed{"{trading: {timeout: 1s, max_position_size: 0.05}, debug: true}"};
    const auto members = typed.root().members();
    ASSERT_EQ(members.size(), 9U);
    EXPECT_EQ(members[0].name, "debug");
    EXPECT_EQ(members[2].name, "trading");
    EXPECT_EQ(members[2].value.members()[0].name, "max_position_size");
    EXPECT_EQ(members[8].name, "password");
}

TEST(TypeTree, what_nobody_sets_has_its_default) {
    const Typed typed{"{trading: {max_position_size: 0.05}}"};
    EXPECT_EQ(typed.texts(), Texts{});
    EXPECT_EQ(typed.bot().trading.max_orders, 5);
    EXPECT_EQ(typed.bot().side, test::Side::Sell);
    EXPECT_EQ(typed.bot().symbols, std::vector<std::string>{"SPY"});
    EXPECT_EQ(typed.at("trading.max_orders").origin(), nullptr);
    EXPECT_NE(typed.at("trading.max_position_size").origin(), nullptr);
}

TEST(TypeTree, a_map_entry_starts_from_its_own_default) {
    const Typed typed{
        "{trading: {max_position_size: 1}, limits: {polygon: {per_day: 9}, finnhub: {per_day: 8}}}"};
    EXPECT_EQ(typed.texts(), Texts{});
    EXPECT_EQ(typed.bot().limits.at("polygon").per_minute, 5);
    EXPECT_EQ(typed.bot().limits.at("polygon").per_day, 9);
    EXPECT_EQ(typed.bot().limits.at("finnhub").per_minute, 10);
}

TEST(TypeTree, a_map_has_the_keys_of_its_default_and_then_the_new_ones) {
    const Typed typed{"{trading: {max_position_size: 1}, weights: {qqq: 2, dia: 3}}"};
    const auto members = typed.at("weights").members();
    ASSERT_EQ(members.size(), 3U);
    EXPECT_EQ(members[0].name, "spy");
    EXPECT_EQ(members[1].name, "qqq");
    EXPECT_EQ(members[2].name, "dia");
    EXPECT_EQ(members[0].value.as_integer(), 1);
}

TEST(TypeTree, a_default_map_entry_can_be_changed) {
    EXPECT_EQ(Typed{"{trading: {max_position_size: 1}, weights: {spy: 7}}"}.bot().weights.at("spy"), 7);
}

TEST(TypeTree, an_optional_section_is_absent_until_somebody_writes_it) {
    EXPECT_FALSE(Typed{"{trading: {max_position_size: 1}}"}.bot().alert.has_value());
    const Typed typed{"{trading: {max_position_size: 1}, alert: {to: me}}"};
    EXPECT_EQ(typed.bot().alert->log.bytes, 1024U);
}

TEST(TypeTree, null_empties_an_optional_section) {
    const Typed typed{"{trading: {max_position_size: 1}, alert: ~ <- {to: me}}"};
    EXPECT_EQ(typed.texts(), Texts{});
    EXPECT_FALSE(typed.bot().alert.has_value());
}

TEST(TypeTree, null_over_a_section_is_an_error_that_shows_the_lower_layer) {
    const Typed typed{"{trading: ~ <- {max_position_size: 0.5}}"};
    const Diagnostic diagnostic = typed.only();
    EXPECT_EQ(diagnostic.code, Code::NullNotAllowed);
    EXPECT_EQ(diagnostic.path, "trading");
    EXPECT_EQ(diagnostic.message, "expected a mapping (section trading), found null");
    ASSERT_EQ(diagnostic.related.size(), 1U);
    EXPECT_EQ(typed.slice(diagnostic.related[0].origin), "{max_position_size: 0.5}");
    EXPECT_TRUE(typed.at("trading").is_invalid());
}

TEST(TypeTree, null_over_a_list_or_a_map_is_an_error) {
    const Typed typed{"{trading: {max_position_size: 1}, hosts: null, weights: ~}"};
    EXPECT_EQ(typed.texts(),
              (Texts{"weights: expected a mapping, found null", "hosts: expected a list, found null"}));
}

TEST(TypeTree, null_over_a_scalar_shows_the_lower_layer) {
    const Typed typed{"{trading: {max_position_size: ~ <- 0.5}}"};
    const Diagnostic diagnostic = typed.only();
    EXPECT_EQ(diagnostic.code, Code::NullNotAllowed);
    ASSERT_EQ(diagnostic.related.size(), 1U);
    EXPECT_EQ(typed.slice(diagnostic.related[0].origin), "0.5");
}

TEST(TypeTree, t60_an_unknown_key_is_an_error_with_the_nearest_name) {
    const Typed typed{"{trading: {max_position_size: 1, max_order: 5}}"};
    const Diagnostic diagnostic = typed.only();
    EXPECT_EQ(diagnostic.code, Code::UnknownKey);
    EXPECT_EQ(diagnostic.path, "trading.max_order");
    EXPECT_EQ(diagnostic.message, "unknown key");
    EXPECT_EQ(diagnostic.hint, "did you mean max_orders?");
    EXPECT_EQ(typed.slice(diagnostic.origin), "max_order");
}

TEST(TypeTree, an_unknown_key_that_exists_elsewhere_says_where) {
    EXPECT_EQ(Typed{"{trading: {max_position_size: 1}, max_orders: 5}"}.only().hint,
              "`max_orders` exists under trading");
    EXPECT_EQ(Typed{"{trading: {max_position_size: 1, debug: true}}"}.only().hint,
              "`debug` exists at the top level");
    EXPECT_EQ(Typed{"{trading: {max_position_size: 1}, per_dai: 5}"}.only().hint,
              "`per_day` exists under limits.*");
    EXPECT_EQ(Typed{"{trading: {max_position_size: 1}, utterly_unknown: 5}"}.only().hint, "");
}

TEST(TypeTree, an_unknown_key_of_a_map_with_fixed_keys_is_an_error) {
    const Typed typed{"{trading: {max_position_size: 1}, limits: {poligon: {per_day: 5}}}"};
    EXPECT_EQ(typed.texts(), Texts{"limits.poligon: unknown key"});
    EXPECT_EQ(typed.only().hint, "did you mean polygon?");
    EXPECT_EQ(typed.at("limits").members().size(), 1U);
}

TEST(TypeTree, the_value_of_an_unknown_key_may_be_a_secret_and_is_concealed) {
    const Typed typed{
        "{trading: {max_position_size: 1}, pasword: hunter2 <- older, pasw: {a: [x, \"y\"], b: z}}"};
    EXPECT_EQ(typed.texts(), (Texts{"pasword: unknown key", "pasw: unknown key"}));
    EXPECT_EQ(typed.concealed(), (Texts{"hunter2", "older", "[x, \"y\"]", "x", "\"y\"", "z"}));
    EXPECT_EQ(typed.diagnostics()[0].related.size(), 1U);
    for (const Diagnostic& diagnostic : typed.diagnostics()) {
        EXPECT_FALSE(to_text(diagnostic).contains("hunter2"));
        EXPECT_FALSE(to_text(diagnostic).contains("older"));
    }
}

TEST(TypeTree, keys_that_start_with_x_are_free) {
    const Typed typed{"{x-note: [1], trading: {max_position_size: 1, x-why: {a: b}}}"};
    EXPECT_EQ(typed.texts(), Texts{});
    EXPECT_EQ(typed.at("trading").find("x-why"), nullptr);
}

TEST(TypeTree, another_shape_than_the_schema_says_is_an_error) {
    const Typed typed{"{trading: [1], hosts: {a: b}, weights: 5, debug: [true], side: {a: b}}"};
    EXPECT_EQ(typed.texts(),
              (Texts{"debug: expected a boolean, found a list", "side: expected an enum, found a mapping",
                     "trading: expected a mapping (section trading), found a list",
                     "weights: expected a mapping, found a single value",
                     "hosts: expected a list, found a mapping"}));
    EXPECT_EQ(typed.diagnostics()[0].code, Code::WrongShape);
    EXPECT_EQ(typed.diagnostics()[2].expected, "a mapping (section trading)");
    EXPECT_EQ(typed.diagnostics()[2].found, "a list");
    EXPECT_TRUE(typed.at("trading").is_invalid());
}

TEST(TypeTree, a_misplaced_value_is_concealed_where_a_secret_belongs) {
    EXPECT_EQ((Typed{"{trading: {max_position_size: 1}, limits: {polygon: hunter2}}"}.concealed()),
              Texts{"hunter2"});
    EXPECT_EQ((Typed{"{trading: {max_position_size: 1}, password: [hunter2]}"}.concealed()),
              (Texts{"[hunter2]", "hunter2"}));
    EXPECT_EQ((Typed{"{trading: {max_position_size: 1}, weights: hunter2}"}.concealed()), Texts{});
}

TEST(TypeTree, a_missing_key_points_at_the_section_around_it) {
    const Typed typed{"{trading: {max_orders: 1}}"};
    const Diagnostic diagnostic = typed.only();
    EXPECT_EQ(diagnostic.code, Code::MissingKey);
    EXPECT_EQ(diagnostic.path, "trading.max_position_size");
    EXPECT_EQ(diagnostic.message, "required key is missing");
    EXPECT_EQ(diagnostic.hint, "add `max_position_size: <number>` under trading");
    EXPECT_EQ(typed.slice(diagnostic.origin), "trading");
    EXPECT_TRUE(typed.at("trading.max_position_size").is_invalid());
    EXPECT_EQ(typed.at("trading.max_orders").as_integer(), 1);
}

TEST(TypeTree, a_missing_key_without_any_section_points_at_the_start_of_the_file) {
    const Diagnostic diagnostic = Typed{"{debug: true}"}.only();
    EXPECT_EQ(diagnostic.path, "trading.max_position_size");
    ASSERT_NE(diagnostic.origin.source, nullptr);
    EXPECT_EQ(diagnostic.origin.position(), (Position{1, 1}));
}

TEST(TypeTree, a_missing_key_of_an_item_points_at_the_item) {
    const Typed typed{"{trading: {max_position_size: 1}, hosts: [{name: a}, {port: 1}]}"};
    EXPECT_EQ(typed.only().path, "hosts[1].name");
    EXPECT_EQ(typed.slice(typed.only().origin), "{port: 1}");
}

TEST(TypeTree, a_missing_key_of_an_optional_section_counts_once_it_is_there) {
    const Typed typed{"{trading: {max_position_size: 1}, alert: {}}"};
    EXPECT_EQ(typed.only().path, "alert.to");
    EXPECT_EQ(typed.only().hint, "add `to: ops@example.com` under alert");
}

TEST(TypeTree, a_key_can_be_required_in_one_environment) {
    EXPECT_EQ((Typed{"{trading: {max_position_size: 1}}", Environment::Production}.texts()),
              Texts{"trading.account: required key is missing; production must set it"});
    EXPECT_EQ((Typed{"{trading: {max_position_size: 1}}", Environment::Staging}.texts()), Texts{});
}

TEST(TypeTree, nothing_is_called_missing_while_a_layer_is_broken) {
    const Typed typed{"{}", Environment::Production, false};
    EXPECT_EQ(typed.texts(), Texts{});
    EXPECT_TRUE(typed.at("trading.max_position_size").is_invalid());
}

TEST(TypeTree, bounds_of_an_environment_hold_there) {
    const std::string text = "{trading: {max_position_size: 1, max_orders: 21, account: live}}";
    EXPECT_EQ((Typed{text, Environment::Production}.only().path), "trading.max_orders");
    EXPECT_EQ((Typed{text, Environment::Development}.texts()), Texts{});
}

TEST(TypeTree, a_bad_value_hidden_by_a_higher_layer_is_reported_too) {
    const Typed typed{"{trading: {max_position_size: 0.5 <- 5 <- 7}}"};
    ASSERT_EQ(typed.diagnostics().size(), 2U);
    EXPECT_EQ(typed.slice(typed.diagnostics()[0].origin), "5");
    EXPECT_EQ(typed.slice(typed.diagnostics()[1].origin), "7");
    ASSERT_EQ(typed.diagnostics()[0].related.size(), 1U);
    EXPECT_EQ(typed.slice(typed.diagnostics()[0].related[0].origin), "0.5");
    ASSERT_EQ(typed.diagnostics()[1].related.size(), 1U);
    EXPECT_EQ(typed.slice(typed.diagnostics()[1].related[0].origin), "5");
    EXPECT_EQ(typed.bot().trading.max_position_size, 0.5);
}

TEST(TypeTree, a_hidden_section_is_checked_but_not_for_what_it_lacks) {
    const Typed typed{"{trading: {max_position_size: 0.5} <- {max_orders: 0, typo: x}}"};
    EXPECT_EQ(typed.texts(),
              (Texts{"trading.typo: unknown key", "trading.max_orders: expected 1..50, found 0"}));
}

TEST(TypeTree, a_hidden_list_is_checked_unless_the_upper_one_contains_it) {
    const std::string rest = " <- [{port: 70000}]}";
    const std::string start = "{trading: {max_position_size: 1}, hosts: ";
    EXPECT_EQ((Typed{start + "[]" + rest}.texts().size()), 1U);
    EXPECT_EQ((Typed{start + "!append []" + rest}.texts().size()), 0U);
    EXPECT_EQ((Typed{start + "!append [] <- []" + rest}.texts().size()), 1U);
}

TEST(TypeTree, a_deleted_value_is_as_if_nobody_had_set_it) {
    const Typed typed{
        "{trading: {max_position_size: 1, max_orders: !delete <- 7}, weights: {qqq: !delete <- 2}}"};
    EXPECT_EQ(typed.texts(), Texts{});
    EXPECT_EQ(typed.bot().trading.max_orders, 5);
    EXPECT_FALSE(typed.bot().weights.contains("qqq"));
}

TEST(TypeTree, what_a_tombstone_hides_is_checked) {
    const Typed typed{
        "{trading: {max_position_size: 1, max_orders: !delete <- 51}, weights: {qqq: !delete <- x}}"};
    ASSERT_EQ(typed.diagnostics().size(), 2U);
    EXPECT_EQ(typed.diagnostics()[0].path, "trading.max_orders");
    EXPECT_EQ(typed.diagnostics()[1].path, "weights.qqq");
    EXPECT_EQ(typed.diagnostics()[0].related.at(0).message, "a higher layer deletes it");
}

TEST(TypeTree, a_hidden_tombstone_is_no_value_to_check) {
    EXPECT_EQ((Typed{"{trading: {max_position_size: 1, max_orders: 3 <- !delete <- 7}}"}.texts()), Texts{});
}

TEST(TypeTree, a_deleted_required_value_is_missing_where_it_was_deleted) {
    const Typed typed{"{trading: {max_position_size: !delete <- 0.5}}"};
    EXPECT_EQ(typed.only().code, Code::MissingKey);
    EXPECT_EQ(typed.slice(typed.only().origin), "max_position_size");
}

TEST(TypeTree, lists_and_maps_keep_their_lengths) {
    const std::string start = "{trading: {max_position_size: 1}, ";
    EXPECT_EQ((Typed{start + "symbols: []}"}.only().message), "expected 1..3 items, found 0 items");
    EXPECT_EQ((Typed{start + "symbols: [a]}"}.texts()), Texts{});
    EXPECT_EQ((Typed{start + "symbols: [a, b, c]}"}.texts()), Texts{});
    EXPECT_EQ((Typed{start + "symbols: [a, b, c, d]}"}.only().code), Code::Length);
    EXPECT_EQ((Typed{start + "weights: {a: 1, b: 2}}"}.texts()), Texts{});
    EXPECT_EQ((Typed{start + "weights: {a: 1, b: 2, c: 3}}"}.only().message),
              "expected at most 3 entries, found 4 entries");
}

TEST(TypeTree, items_of_a_unique_list_differ) {
    const Typed typed{"{trading: {max_position_size: 1}, symbols: [SPY, QQQ, \"SPY\"]}"};
    const Diagnostic diagnostic = typed.only();
    EXPECT_EQ(diagnostic.code, Code::DuplicateListKey);
    EXPECT_EQ(diagnostic.path, "symbols[2]");
    EXPECT_EQ(typed.slice(diagnostic.origin), "\"SPY\"");
    EXPECT_EQ(typed.slice(diagnostic.related.at(0).origin), "SPY");
}

TEST(TypeTree, one_wrong_leaf_leaves_its_siblings_usable) {
    const Typed typed{"{trading: {max_position_size: 1, max_orders: 99}, hosts: [{name: a, port: 0}]}"};
    EXPECT_EQ(typed.diagnostics().size(), 2U);
    EXPECT_TRUE(typed.at("trading.max_orders").is_invalid());
    EXPECT_EQ(typed.at("trading.max_position_size").as_number(), 1.0);
    EXPECT_TRUE(typed.at("hosts[0].port").is_invalid());
    EXPECT_EQ(typed.at("hosts[0].name").as_text(), "a");
}

TEST(TypeTree, everything_wrong_is_reported_in_one_run) {
    const Typed typed{"{debug: yes, typo: 1, trading: {max_orders: x}, hosts: [1], symbols: []}"};
    EXPECT_EQ(typed.diagnostics().size(), 6U);
}

TEST(TypeTree, the_same_tree_gives_the_same_values) {
    const std::string text =
        "{weights: {b: 1, a: 2}, trading: {max_position_size: 0.25}, hosts: [{name: h}]}";
    EXPECT_EQ(value::canonical(Typed{text}.root()), value::canonical(Typed{text}.root()));
}

TEST(TypeTree, a_decoded_struct_encodes_to_the_tree_it_came_from) {
    const Typed typed{
        "{trading: {max_position_size: 0.25}, limits: {finnhub: {per_day: 5}}, alert: {to: me}}"};
    Arena arena;
    EXPECT_EQ(value::canonical(detail::Codec<test::Bot>::encode(typed.bot(), arena)),
              value::canonical(typed.root()));
}

}  // namespace
}  // namespace quantconf::schema
