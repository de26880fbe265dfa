#include "layers/explain.hpp"

#include <gtest/gtest.h>

#include "layers/test_bot.hpp"

namespace quantconf::layers::test {
namespace {

/// "base config/base.yaml:1:7 one", the winner with a star, a deletion with a minus.
Words explained(const std::shared_ptr<const Candidate>& candidate, std::string_view path) {
    Words lines;
    for (const SetBy& set_by : explain(*candidate, schema(), path).value_or(std::vector<SetBy>{})) {
        std::string line = set_by.layer;
        if (!set_by.location.empty()) {
            line += " " + set_by.location;
        }
        if (set_by.position.line > 0) {
            line += ":" + std::to_string(set_by.position.line) + ":" + std::to_string(set_by.position.column);
        }
        line += set_by.written.empty() ? "" : " " + set_by.written;
        lines.push_back(line + (set_by.wins ? " *" : "") + (set_by.is_deletion ? " -" : ""));
    }
    return lines;
}

TEST(Explain, names_every_layer_the_winner_first_and_the_default_last) {
    const auto candidate =
        load_bot({.files = {{"config/base.yaml", "trading:\n  max_orders: 1\n"},
                            {"config/development.yaml", "debug: true\ntrading: {max_orders: 2}"}},
                  .variables = {"BOT_TRADING_MAX_ORDERS=3"},
                  .settings = {"trading.max_orders=4"}});

    EXPECT_EQ(
        explained(candidate, "trading.max_orders"),
        (Words{"option --set trading.max_orders 4 *", "variable BOT_TRADING_MAX_ORDERS 3",
               "environment config/development.yaml:2:23 2", "base config/base.yaml:2:15 1", "default 10"}));
}

TEST(Explain, the_default_wins_where_nobody_says_anything) {
    EXPECT_EQ(explained(load_layers("{}", "{}"), "trading.max_orders"), Words{"default 10 *"});
    EXPECT_EQ(explained(load_layers("{}", "{}"), "trading.note"), Words{"default null *"});
    EXPECT_EQ(explained(load_layers("{}", "{}"), "limits.polygon.per_minute"), Words{"default 300 *"});
    EXPECT_EQ(explained(load_layers("limits: {new: {}}", "{}"), "limits.new.per_minute"),
              Words{"default 60 *"});
}

TEST(Explain, a_deletion_lets_the_default_win) {
    EXPECT_EQ(
        explained(load_layers("name: x", "name: !delete"), "name"),
        (Words{"environment config/development.yaml:1:7 -", "base config/base.yaml:1:7 x", "default bot *"}));
}

TEST(Explain, a_deleted_section_deletes_what_is_in_it) {
    EXPECT_EQ(explained(load_layers("trading: {max_orders: 5}", "trading: !delete"), "trading.max_orders"),
              (Words{"environment config/development.yaml:1:10 -", "base config/base.yaml:1:23 5",
                     "default 10 *"}));
}

TEST(Explain, an_appended_list_shows_what_each_layer_wrote) {
    const auto candidate = load_layers("lists: {symbols: [A, B]}", "lists: {symbols: !append [C]}");

    const Words lines = explained(candidate, "lists.symbols");
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_TRUE(lines[0].ends_with("!append [C] *")) << lines[0];
    EXPECT_TRUE(lines[1].ends_with("[A, B]")) << lines[1];
    EXPECT_EQ(lines[2], "default [\"SPY\"]");
}

TEST(Explain, an_interpolated_value_is_shown_as_written) {
    EXPECT_EQ(explained(load_layers("name: ${env:HOME:-x}", "{}"), "name").front(),
              "base config/base.yaml:1:7 ${env:HOME:-x} *");
}

TEST(Explain, a_secret_is_its_reference_or_not_shown) {
    const auto candidate = load_layers("database: {password: hush}", "database: {password: 'SECURE:db'}");

    EXPECT_EQ(explained(candidate, "database.password"),
              (Words{"environment config/development.yaml:1:22 SECURE:db *",
                     "base config/base.yaml:1:22 <plain text, not shown>", "default null"}));
}

TEST(Explain, what_is_pasted_behind_the_prefix_of_a_reference_is_not_shown) {
    for (const char* text : {"SECURE:hush!", "SECURE: hush", "SECURE:db@hush", "SECURE::hush"}) {
        const std::string quoted = std::string{"'"} + text + "'";
        EXPECT_EQ(explained(load_layers("database: {password: " + quoted + "}", "{}"), "database.password"),
                  (Words{"base config/base.yaml:1:22 <plain text, not shown> *", "default null"}))
            << text;
    }
    EXPECT_EQ(explained(load_layers("name: 'SECURE:hush!'", "{}"), "name").front(),
              "base config/base.yaml:1:7 <plain text, not shown> *");
}

TEST(Explain, a_collection_in_place_of_a_secret_is_not_shown) {
    EXPECT_EQ(explained(load_layers("database: {password: {hush: 1}}", "{}"), "database.password").front(),
              "base config/base.yaml:1:22 <plain text, not shown> *");
}

TEST(Explain, the_text_of_a_secret_is_not_shown_where_an_alias_repeats_it) {
    const auto candidate = load_layers("database: {password: &p hush}\nname: *p", "{}");

    EXPECT_EQ(explained(candidate, "name").front(), "base config/base.yaml:1:25 <plain text, not shown> *");
    EXPECT_TRUE(candidate->root.at("name")->is_invalid());
    EXPECT_FALSE(candidate->ok);
}

TEST(Explain, a_secret_that_is_refused_is_not_quoted_where_an_alias_repeats_it) {
    const auto candidate = load_bot({.files = {{"config/base.yaml",
                                                "database: {password: &p hush}\ntrading: {max_orders: *p}\n"
                                                "lists: {symbols: [*p]}"}},
                                     .environment = Environment::Production});

    EXPECT_FALSE(report_of(candidate).contains("hush")) << report_of(candidate);
    EXPECT_EQ(codes(candidate),
              (std::vector{Code::PlainTextSecret, Code::PlainTextSecret, Code::PlainTextSecret}));
}

TEST(Explain, what_a_secret_holds_instead_of_a_text_is_not_quoted_elsewhere) {
    const auto candidate = load_layers("database: {password: [&p hush]}\ntrading: {max_orders: *p}", "{}");

    EXPECT_FALSE(report_of(candidate).contains("hush")) << report_of(candidate);
}

TEST(Explain, what_no_excerpt_would_show_is_not_shown_either) {
    for (const char* text : {"https://u:hush@example.com/", "x${database.password:-hush}", "api_key=hush"}) {
        EXPECT_EQ(explained(load_layers("name: \"" + std::string{text} + "\"", "{}"), "name").front(),
                  "base config/base.yaml:1:7 <plain text, not shown> *")
            << text;
    }
    for (const char* text : {"https://example.com/", "${database.host:-here}", "key", "a: b"}) {
        EXPECT_TRUE(explained(load_layers("name: \"" + std::string{text} + "\"", "{}"), "name")
                        .front()
                        .contains(text))
            << text;
    }
}

TEST(Explain, a_section_names_the_layers_that_set_anything_in_it) {
    const auto candidate =
        load_bot({.files = {{"config/base.yaml", "name: x\ntrading:\n  note: y\n  max_orders: 1\n"},
                            {"config/development.yaml", "debug: true"},
                            {"config/local.yaml", "trading: {max_orders: 3}"}},
                  .variables = {"BOT_TRADING_NOTE=z"}});

    EXPECT_EQ(explained(candidate, "trading"),
              (Words{"variable BOT_TRADING_NOTE *", "local config/local.yaml:1:23",
                     "base config/base.yaml:3:9", "default"}));
}

TEST(Explain, the_environment_was_chosen_by_somebody) {
    const auto candidate =
        load_bot({.files = {{"config/base.yaml", "environment: development"}}, .chosen_by = "default"});

    EXPECT_EQ(explained(candidate, "environment"),
              (Words{"selection default development *", "base config/base.yaml:1:14 development",
                     "default development"}));
}

TEST(Explain, a_path_that_the_schema_does_not_have_has_no_answer) {
    const auto candidate = load_layers("{}", "{}");

    EXPECT_FALSE(explain(*candidate, schema(), "nonsense").has_value());
    EXPECT_FALSE(explain(*candidate, schema(), "lists.symbols[0]").has_value());
}

TEST(Diff, names_every_leaf_that_differs_in_the_order_of_the_schema) {
    const auto from =
        load_layers("name: x\ntrading: {note: gone}\nweights: {a: 1, b: 2}\nlists: {symbols: [A]}", "{}");
    const auto to = load_layers("name: y\nweights: {b: 3, c: 4}\nlists: {symbols: [A, B]}", "{}");

    Words lines;
    for (const Change& change : diff(from->root, to->root)) {
        lines.push_back(change.path + (change.kind == ChangeKind::Added     ? " +"
                                       : change.kind == ChangeKind::Removed ? " -"
                                                                            : ""));
        EXPECT_EQ(change.from == nullptr, change.kind == ChangeKind::Added);
        EXPECT_EQ(change.to == nullptr, change.kind == ChangeKind::Removed);
    }
    EXPECT_EQ(lines,
              (Words{"name", "trading.note -", "lists.symbols", "weights.a -", "weights.b", "weights.c +"}));
}

TEST(Diff, the_same_configuration_has_none) {
    EXPECT_TRUE(diff(load_layers("debug: true", "{}")->root, load_layers("{}", "debug: true")->root).empty());
}

TEST(Diff, sees_that_a_secret_changed) {
    const auto password = [](const std::string& text) {
        return load_layers("database: {password: '" + text + "'}", "{}");
    };

    EXPECT_EQ(diff(password("SECURE:a")->root, password("SECURE:b")->root).size(), 1U);
    EXPECT_EQ(diff(password("a")->root, password("b")->root).size(), 1U);
    EXPECT_EQ(diff(password("a")->root, password("a")->root).size(), 0U);
}

TEST(Diff, a_new_section_is_its_leaves) {
    const auto changes = diff(load_layers("{}", "{}")->root, load_layers("limits: {new: {}}", "{}")->root);

    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes.front().path, "limits.new.per_minute");
}

}  // namespace
}  // namespace quantconf::layers::test
