#include "layers/merge.hpp"

#include <gtest/gtest.h>

#include "layers/test_bot.hpp"

namespace quantconf::layers::test {
namespace {

std::vector<std::string> names_of(const std::vector<Host>& hosts) {
    std::vector<std::string> names;
    for (const Host& host : hosts) {
        names.push_back(host.name + ":" + std::to_string(host.port));
    }
    return names;
}

// M1, M2

TEST(Merge, maps_merge_deep) {
    const auto candidate =
        load_layers("trading: {max_position_size: 0.2, max_orders: 3}", "trading: {max_orders: 4}");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).trading.max_position_size, 0.2);
    EXPECT_EQ(decoded(candidate).trading.max_orders, 4);
}

TEST(Merge, a_scalar_replaces_and_keeps_what_it_hides) {
    const auto candidate = load_layers("name: one", "name: two");

    EXPECT_EQ(decoded(candidate).name, "two");
    const value::Node& name = candidate->merged.find("name")->value;
    ASSERT_NE(name.below, nullptr);
    EXPECT_EQ(name.below->scalar(), "one");
    EXPECT_EQ(name.below->source->name(), "config/base.yaml");
}

TEST(Merge, a_list_replaces) {
    const auto candidate = load_layers("lists: {symbols: [AAPL, MSFT]}", "lists: {symbols: [TSLA]}");

    EXPECT_EQ(decoded(candidate).lists.symbols, Words{"TSLA"});
}

TEST(Merge, an_empty_list_empties) {
    const auto candidate = load_layers("lists: {symbols: [AAPL]}", "lists: {symbols: []}");

    EXPECT_TRUE(candidate->ok);
    EXPECT_EQ(decoded(candidate).lists.symbols, Words{});
}

TEST(Merge, maps_of_structs_merge_deep_too) {
    const auto candidate =
        load_layers("limits: {polygon: {per_minute: 5, backoff: 2.0}}", "limits: {polygon: {per_minute: 6}}");

    const Limit polygon = decoded(candidate).limits.at("polygon");
    EXPECT_EQ(polygon.per_minute, 6);
    EXPECT_EQ(polygon.backoff, 2.0);
}

// M3

TEST(Merge, null_is_a_value_of_a_nullable_field) {
    const auto candidate = load_layers("trading: {note: careful}", "trading: {note: ~}");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).trading.note, std::nullopt);
}

TEST(Merge, null_elsewhere_is_an_error_that_cites_both_places) {
    const auto candidate = load_layers("name: one", "name: ~");

    const Diagnostic diagnostic = find(candidate, Code::NullNotAllowed);
    EXPECT_EQ(place(diagnostic.origin), "config/development.yaml:1:7");
    ASSERT_EQ(diagnostic.related.size(), 1U);
    EXPECT_EQ(place(diagnostic.related.front().origin), "config/base.yaml:1:7");
}

TEST(Merge, null_over_a_section_does_not_delete_it_silently) {
    const auto candidate = load_layers("trading: {max_orders: 3}", "trading: ~");

    EXPECT_EQ(codes(candidate), std::vector{Code::NullNotAllowed});
}

TEST(Merge, what_a_null_hides_stays_hidden_from_higher_layers) {
    const auto candidate = load_bot({.files = {{"config/base.yaml", "weights: {a: 1}"},
                                               {"config/development.yaml", "weights: ~"},
                                               {"config/local.yaml", "weights: {b: 2}"}}});

    const value::Node& weights = candidate->merged.find("weights")->value;
    EXPECT_EQ(weights.find("a"), nullptr);
    EXPECT_NE(weights.find("b"), nullptr);
    EXPECT_EQ(weights.below->below->find("a")->value.scalar(), "1");
}

// M4

TEST(Merge, a_scalar_over_a_section_is_one_error_that_cites_both_places) {
    const auto candidate = load_layers("trading: {max_orders: 3}", "trading: 5");

    EXPECT_EQ(codes(candidate), std::vector{Code::ShapeConflict});
    const Diagnostic diagnostic = find(candidate, Code::ShapeConflict);
    EXPECT_EQ(diagnostic.path, "trading");
    EXPECT_EQ(diagnostic.message, "expected a mapping, found a single value");
    EXPECT_EQ(place(diagnostic.origin), "config/development.yaml:1:10");
    EXPECT_EQ(place(diagnostic.related.front().origin), "config/base.yaml:1:10");
}

TEST(Merge, a_section_over_a_scalar_is_the_same_error) {
    EXPECT_EQ(codes(load_layers("trading: 5", "trading: {max_orders: 3}")), std::vector{Code::ShapeConflict});
}

TEST(Merge, a_list_and_a_scalar_do_not_mix) {
    EXPECT_EQ(codes(load_layers("lists: {symbols: [A]}", "lists: {symbols: A}")),
              std::vector{Code::ShapeConflict});
    EXPECT_EQ(codes(load_layers("name: bot", "name: [bot]")), std::vector{Code::ShapeConflict});
}

TEST(Merge, a_list_and_a_map_do_not_mix) {
    EXPECT_EQ(codes(load_layers("weights: {a: 1}", "weights: [1]")), std::vector{Code::ShapeConflict});
    EXPECT_EQ(codes(load_layers("weights: [1]", "weights: {a: 1}")), std::vector{Code::ShapeConflict});
}

TEST(Merge, a_scalar_between_two_maps_conflicts_with_both_and_hides_neither) {
    const auto candidate = load_bot({.files = {{"config/base.yaml", "weights: {a: 1}"},
                                               {"config/development.yaml", "weights: 42"},
                                               {"config/local.yaml", "weights: {b: 2}"}}});

    EXPECT_EQ(codes(candidate), (std::vector{Code::ShapeConflict, Code::ShapeConflict}));
    EXPECT_TRUE(candidate->hash.empty());
}

// M5

TEST(Merge, delete_takes_away_what_a_lower_layer_set) {
    const auto candidate = load_layers("name: one", "name: !delete");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).name, "bot");
}

TEST(Merge, delete_takes_away_a_key_of_a_map) {
    const auto candidate = load_layers("weights: {a: 1, b: 2}", "weights: {a: !delete }");

    EXPECT_EQ(decoded(candidate).weights, (std::map<std::string, int>{{"b", 2}}));
}

TEST(Merge, deleting_what_nobody_set_is_an_error) {
    const auto candidate = load_layers("debug: true", "name: !delete");

    EXPECT_EQ(codes(candidate), std::vector{Code::NothingToDelete});
    EXPECT_EQ(place(find(candidate, Code::NothingToDelete).origin), "config/development.yaml:1:7");
}

TEST(Merge, deleting_twice_is_an_error) {
    const auto candidate = load_bot({.files = {{"config/base.yaml", "name: one"},
                                               {"config/development.yaml", "name: !delete"},
                                               {"config/local.yaml", "name: !delete"}}});

    EXPECT_EQ(codes(candidate), std::vector{Code::NothingToDelete});
}

TEST(Merge, a_question_mark_allows_deleting_nothing) {
    EXPECT_TRUE(load_layers("debug: true", "name: !delete?")->ok);
    EXPECT_TRUE(load_layers("name: !delete?", "{}")->ok);
    EXPECT_EQ(decoded(load_layers("name: one", "name: !delete?")).name, "bot");
}

TEST(Merge, a_deleted_value_can_be_set_again) {
    const auto candidate = load_bot({.files = {{"config/base.yaml", "weights: {a: 1}"},
                                               {"config/development.yaml", "weights: !delete"},
                                               {"config/local.yaml", "weights: {b: 2}"}}});

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).weights, (std::map<std::string, int>{{"b", 2}}));
}

TEST(Merge, replace_puts_a_whole_map_in_place) {
    const auto candidate = load_layers("weights: {a: 1}", "weights: !replace {b: 2}");

    EXPECT_EQ(decoded(candidate).weights, (std::map<std::string, int>{{"b", 2}}));
}

TEST(Merge, replace_with_nothing_clears_a_map) {
    const auto candidate = load_layers("weights: {a: 1}", "weights: !replace {}");

    EXPECT_EQ(codes(candidate), std::vector<Code>{});
    EXPECT_TRUE(decoded(candidate).weights.empty());
}

TEST(Merge, a_layer_above_a_replaced_map_merges_with_it) {
    const auto candidate = load_bot({.files = {{"config/base.yaml", "weights: {a: 1}"},
                                               {"config/development.yaml", "weights: !replace {b: 2}"},
                                               {"config/local.yaml", "weights: {c: 3}"}}});

    EXPECT_EQ(decoded(candidate).weights, (std::map<std::string, int>{{"b", 2}, {"c", 3}}));
}

TEST(Merge, replace_may_change_the_shape_and_the_schema_decides) {
    EXPECT_TRUE(load_layers("weights: 5", "weights: !replace {b: 2}")->diagnostics.size() == 1);
    EXPECT_EQ(codes(load_layers("weights: 5", "weights: !replace {b: 2}")), std::vector{Code::WrongShape});
}

TEST(Merge, append_and_prepend_add_items) {
    EXPECT_EQ(decoded(load_layers("lists: {symbols: [A]}", "lists: {symbols: !append [B, C]}")).lists.symbols,
              (Words{"A", "B", "C"}));
    EXPECT_EQ(
        decoded(load_layers("lists: {symbols: [A]}", "lists: {symbols: !prepend [B, C]}")).lists.symbols,
        (Words{"B", "C", "A"}));
}

TEST(Merge, remove_takes_items_out) {
    const auto candidate = load_layers("lists: {symbols: [A, B, C, A]}", "lists: {symbols: !remove [A]}");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).lists.symbols, (Words{"B", "C"}));
}

TEST(Merge, removing_what_is_not_there_is_an_error_at_the_item) {
    const auto candidate = load_layers("lists: {symbols: [A, B]}", "lists: {symbols: !remove [A, D]}");

    EXPECT_EQ(codes(candidate), std::vector{Code::NothingToRemove});
    const Diagnostic diagnostic = find(candidate, Code::NothingToRemove);
    EXPECT_EQ(place(diagnostic.origin), "config/development.yaml:1:30");
    EXPECT_EQ(place(diagnostic.related.front().origin), "config/base.yaml:1:18");
}

TEST(Merge, operators_in_the_lowest_layer_set_or_report) {
    EXPECT_EQ(decoded(load_layers("lists: {symbols: !append [A]}", "{}")).lists.symbols, Words{"A"});
    EXPECT_EQ(decoded(load_layers("lists: {symbols: !prepend [A]}", "{}")).lists.symbols, Words{"A"});
    EXPECT_TRUE(load_layers("weights: !replace {a: 1}", "{}")->ok);
    EXPECT_EQ(codes(load_layers("name: !delete", "{}")), std::vector{Code::NothingToDelete});
    EXPECT_EQ(codes(load_layers("lists: {symbols: !remove [A]}", "{}")), std::vector{Code::NothingToRemove});
}

TEST(Merge, operators_inside_a_new_section_have_nothing_beneath) {
    EXPECT_EQ(codes(load_layers("debug: true", "trading: {note: !delete }")),
              std::vector{Code::NothingToDelete});
    EXPECT_EQ(codes(load_layers("trading: {max_orders: 2}", "trading: !replace {note: !delete }")),
              std::vector{Code::NothingToDelete});
}

TEST(Merge, append_to_something_else_is_a_shape_conflict) {
    EXPECT_EQ(codes(load_layers("lists: {symbols: A}", "lists: {symbols: !append [B]}")),
              std::vector{Code::ShapeConflict});
}

// M6

TEST(Merge, a_list_may_always_append) {
    const auto candidate = load_layers("lists: {appended: [a, b]}", "lists: {appended: [b, c]}");

    EXPECT_EQ(decoded(candidate).lists.appended, (Words{"a", "b", "b", "c"}));
}

TEST(Merge, replace_overrules_the_strategy_of_a_list) {
    const auto candidate = load_layers("lists: {appended: [a, b]}", "lists: {appended: !replace [c]}");

    EXPECT_EQ(decoded(candidate).lists.appended, Words{"c"});
}

TEST(Merge, a_unique_list_takes_no_repetitions) {
    const auto candidate = load_layers("lists: {unique: [a, b]}", "lists: {unique: [b, c, \"a\", c]}");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).lists.unique, (Words{"a", "b", "c"}));
}

TEST(Merge, by_key_keeps_the_order_updates_in_place_and_appends) {
    const auto candidate =
        load_layers("lists:\n  by_name:\n    - {name: a, port: 1}\n    - {name: b, port: 2}\n",
                    "lists:\n  by_name:\n    - {name: c}\n    - {name: a, port: 9}\n");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(names_of(decoded(candidate).lists.by_name), (Words{"a:9", "b:2", "c:80"}));
}

TEST(Merge, by_key_merges_items_deep) {
    const auto candidate =
        load_layers("lists: {by_name: [{name: a, port: 1}]}", "lists: {by_name: [{name: a}]}");

    EXPECT_EQ(names_of(decoded(candidate).lists.by_name), Words{"a:1"});
}

TEST(Merge, by_key_removes_by_the_key) {
    const auto candidate =
        load_layers("lists: {by_name: [{name: a}, {name: b}]}", "lists: {by_name: !remove [a]}");

    EXPECT_EQ(names_of(decoded(candidate).lists.by_name), Words{"b:80"});
}

TEST(Merge, one_key_twice_in_one_layer_is_an_error_that_cites_both) {
    for (const auto& candidate :
         {load_layers("lists: {by_name: [{name: a}, {name: a}]}", "{}"),
          load_layers("lists: {by_name: [{name: b}]}", "lists: {by_name: [{name: a}, {name: a}]}")}) {
        EXPECT_EQ(codes(candidate), std::vector{Code::DuplicateListKey});
        EXPECT_EQ(find(candidate, Code::DuplicateListKey).origin.position().column, 37U);
        EXPECT_EQ(find(candidate, Code::DuplicateListKey).related.front().origin.position().column, 26U);
    }
}

TEST(Merge, an_item_without_its_key_is_an_error) {
    const auto candidate = load_layers("lists: {by_name: [{port: 1}]}", "{}");

    EXPECT_EQ(find(candidate, Code::WrongShape).path, "lists.by_name[0]");
    EXPECT_EQ(place(find(candidate, Code::WrongShape).origin), "config/base.yaml:1:19");
}

// M7

TEST(Merge, an_empty_map_over_a_filled_one_is_a_warning) {
    const auto candidate = load_layers("weights: {a: 1}", "weights: {}");

    EXPECT_TRUE(candidate->ok);
    EXPECT_EQ(codes(candidate), std::vector{Code::EmptyMapChangesNothing});
    EXPECT_TRUE(find(candidate, Code::EmptyMapChangesNothing).hint.contains("!replace {}"));
    EXPECT_EQ(decoded(candidate).weights.size(), 1U);
}

TEST(Merge, an_empty_map_over_nothing_is_fine) {
    EXPECT_EQ(codes(load_layers("weights: {}", "weights: {}")), std::vector<Code>{});
    EXPECT_EQ(codes(load_layers("debug: true", "weights: {}")), std::vector<Code>{});
}

TEST(Merge, an_empty_layer_is_no_empty_map) {
    EXPECT_EQ(codes(load_layers("weights: {a: 1}", "# nothing yet\n")), std::vector<Code>{});
}

// M8, M9

TEST(Merge, a_dotted_key_of_a_file_is_no_path) {
    EXPECT_EQ(codes(load_layers("trading.max_orders: 3", "{}")).front(), Code::DottedKey);
}

TEST(Merge, keys_are_case_sensitive) {
    EXPECT_EQ(codes(load_layers("Name: x", "{}")), std::vector{Code::UnknownKey});
}

TEST(Merge, keys_of_two_layers_that_differ_only_in_case_are_an_error_that_cites_both) {
    const auto candidate = load_layers("weights: {aapl: 1, msft: 2}", "weights: {AAPL: 3}");

    EXPECT_EQ(codes(candidate), std::vector{Code::KeysDifferInCase});
    const Diagnostic diagnostic = find(candidate, Code::KeysDifferInCase);
    EXPECT_EQ(diagnostic.path, "weights.AAPL");
    EXPECT_EQ(diagnostic.message, "expected keys that differ in more than case, found AAPL beside aapl");
    EXPECT_EQ(diagnostic.hint, "write aapl in every layer");
    EXPECT_EQ(place(diagnostic.origin), "config/development.yaml:1:11");
    EXPECT_EQ(place(diagnostic.related.front().origin), "config/base.yaml:1:11");
}

TEST(Merge, a_key_must_not_differ_from_one_of_the_defaults_only_in_case) {
    const auto candidate = load_layers("limits: {Polygon: {per_minute: 5}}", "{}");

    EXPECT_EQ(codes(candidate), std::vector{Code::KeysDifferInCase});
    EXPECT_EQ(
        find(candidate, Code::KeysDifferInCase).message,
        "expected keys that differ in more than case, found Polygon beside polygon, which the defaults have");
    EXPECT_EQ(codes(load_layers("limits: {Polygon: {}, polygon: !delete? }", "{}")).front(),
              Code::KeysDifferInCase);
}

TEST(Merge, a_key_may_change_its_case_where_the_old_one_is_deleted) {
    const auto candidate = load_layers("weights: {aapl: 1}", "weights: !replace {AAPL: 3}");
    EXPECT_EQ(codes(candidate), std::vector<Code>{});

    const auto deleted = load_bot({.files = {{"config/base.yaml", "weights: {aapl: 1}"},
                                             {"config/development.yaml", "weights: {aapl: !delete }"},
                                             {"config/local.yaml", "weights: {AAPL: 3}"}}});
    EXPECT_EQ(codes(deleted), std::vector<Code>{});
    EXPECT_EQ(decoded(deleted).weights, (std::map<std::string, int>{{"AAPL", 3}}));
}

TEST(Merge, a_map_of_many_keys_is_searched_for_case_as_well) {
    std::string base = "weights:\n";
    for (int i = 0; i < 100; ++i) {
        base += "  key" + std::to_string(i) + ": 1\n";
    }
    const auto candidate = load_layers(base, "weights: {key7: 2, Key42: 3, other: 4}");

    EXPECT_EQ(codes(candidate), std::vector{Code::KeysDifferInCase});
    EXPECT_EQ(find(candidate, Code::KeysDifferInCase).path, "weights.Key42");
}

// What typing sees

TEST(Merge, a_bad_value_that_a_higher_layer_hides_is_reported_once) {
    const auto candidate = load_layers("trading: {max_orders: many}", "trading: {max_orders: 6}");

    EXPECT_EQ(codes(candidate), std::vector{Code::WrongType});
    EXPECT_EQ(place(find(candidate, Code::WrongType).origin), "config/base.yaml:1:23");
}

TEST(Merge, bad_items_beneath_an_append_are_reported_once) {
    const auto candidate = load_bot({.files = {{"config/base.yaml", "lists: {numbers: [x]}"},
                                               {"config/development.yaml", "lists: {numbers: !replace [y]}"},
                                               {"config/local.yaml", "lists: {numbers: !append [z]}"}}});

    EXPECT_EQ(codes(candidate), (std::vector{Code::WrongType, Code::WrongType, Code::WrongType}))
        << report_of(candidate);
}

}  // namespace
}  // namespace quantconf::layers::test
