#include "layers/settings.hpp"

#include <gtest/gtest.h>

#include "layers/test_bot.hpp"

namespace quantconf::layers::test {
namespace {

std::shared_ptr<const Candidate> load_settings(Words settings, std::string base = "{}") {
    return load_bot({.files = {{"config/base.yaml", std::move(base)}},
                     .variables = {"BOT_NAME=variable"},
                     .settings = std::move(settings)});
}

TEST(Settings, lie_over_everything) {
    EXPECT_EQ(decoded(load_settings({"name=option"}, "name: file")).name, "option");
}

TEST(Settings, a_later_one_wins_over_an_earlier_one) {
    const auto candidate = load_settings({"trading.max_orders=1", "trading.max_orders=2"});

    EXPECT_EQ(decoded(candidate).trading.max_orders, 2);
    EXPECT_EQ(candidate->merged.find("trading")->value.find("max_orders")->value.below->scalar(), "1");
}

TEST(Settings, values_are_written_as_in_variables) {
    EXPECT_TRUE(decoded(load_settings({"debug=yes"})).debug);
    EXPECT_EQ(decoded(load_settings({"lists.symbols=A,B"})).lists.symbols, (Words{"A", "B"}));
    EXPECT_EQ(decoded(load_settings({"lists.symbols=@append A", "lists.symbols=@append B"})).lists.symbols,
              (Words{"A", "B"}));
    EXPECT_EQ(decoded(load_settings({"name=@delete"})).name, "bot");
    EXPECT_EQ(decoded(load_settings({"weights=@delete"}, "weights: {a: 1}")).weights.size(), 0U);
    EXPECT_EQ(decoded(load_settings({"limits.new.per_minute=7"})).limits.at("new").per_minute, 7);
    EXPECT_EQ(decoded(load_settings({"name=a=b"})).name, "a=b");
}

TEST(Settings, an_unknown_path_is_an_error_with_a_suggestion_and_without_the_value) {
    const auto candidate = load_settings({"trading.max_order=hush"});

    EXPECT_EQ(codes(candidate), std::vector{Code::UnknownKey});
    EXPECT_TRUE(find(candidate, Code::UnknownKey).hint.contains("trading.max_orders"));
    EXPECT_EQ(place(find(candidate, Code::UnknownKey).origin), "--set trading.max_order");
    EXPECT_FALSE(report_of(candidate).contains("hush"));
    EXPECT_TRUE(find(load_settings({"max_orders=5"}), Code::UnknownKey).hint.contains("trading.max_orders"));
}

TEST(Settings, an_old_spelling_is_understood_and_noted) {
    const auto candidate = load_settings({"max_position_size=0.5"});

    EXPECT_EQ(decoded(candidate).trading.max_position_size, 0.5);
    EXPECT_EQ(codes(candidate, Severity::Note), std::vector{Code::DeprecatedKey});
}

TEST(Settings, a_bad_value_names_the_option) {
    const auto candidate = load_settings({"trading.max_orders=0"});

    EXPECT_EQ(codes(candidate), std::vector{Code::OutOfRange});
    EXPECT_EQ(place(candidate->diagnostics.front().origin), "--set trading.max_orders");
    EXPECT_EQ(candidate->layers.back().name, "option");
}

TEST(Settings, sections_items_and_half_settings_are_errors) {
    EXPECT_EQ(codes(load_settings({"trading=5"})), std::vector{Code::VariableIsSection});
    EXPECT_EQ(codes(load_settings({"lists.symbols[0]=A"})), std::vector{Code::UnknownKey});
    EXPECT_EQ(codes(load_settings({"debug"})), std::vector{Code::Syntax});
    EXPECT_EQ(codes(load_settings({"=5"})), std::vector{Code::Syntax});
    EXPECT_EQ(codes(load_settings({"name=\xff"})), std::vector{Code::VariableNotUtf8});
    EXPECT_EQ(codes(load_settings({"weights.\xff=1"})), std::vector{Code::VariableNotUtf8});
}

TEST(Settings, keys_of_maps_follow_the_rules_for_keys_of_files) {
    EXPECT_EQ(decoded(load_settings({"weights.BRK-B=1"})).weights.at("BRK-B"), 1);
    EXPECT_EQ(decoded(load_settings({"weights.caf\u00e9=1"})).weights.at("caf\u00e9"), 1);
    for (const char* key : {"a\u200b", "a\tb", "cafe\u0301", "m\u0430x", "a\u00a0"}) {
        const auto candidate = load_settings({std::string{"weights."} + key + "=1"});
        EXPECT_EQ(codes(candidate), std::vector{Code::KeyCharacters}) << key;
        EXPECT_TRUE(decoded(candidate).weights.empty()) << key;
    }
    EXPECT_EQ(codes(load_settings({"weights.AAPL=1"}, "weights: {aapl: 2}")),
              std::vector{Code::KeysDifferInCase});
}

TEST(Settings, an_empty_value_counts_as_not_set_and_is_noted) {
    const auto candidate = load_settings({"name="});

    EXPECT_EQ(decoded(candidate).name, "variable");
    EXPECT_EQ(codes(candidate, Severity::Note), std::vector{Code::EmptyVariable});
}

TEST(Settings, never_select_the_environment) {
    EXPECT_EQ(codes(load_settings({"environment=production"})), std::vector{Code::EnvironmentMismatch});
    EXPECT_TRUE(load_settings({"environment=development"})->ok);
}

TEST(Settings, a_secret_is_never_shown) {
    const auto candidate = load_settings({"database.password=hush"});

    EXPECT_FALSE(report_of(candidate).contains("hush")) << report_of(candidate);
}

}  // namespace
}  // namespace quantconf::layers::test
