#include <chrono>

#include <gtest/gtest.h>

#include "layers/test_bot.hpp"

namespace quantconf::layers::test {
namespace {

std::shared_ptr<const Candidate> load_dotenv(std::string text, Words variables = {},
                                             std::string base = "{}") {
    return load_bot({.files = {{"config/base.yaml", std::move(base)}, {"config/.env", std::move(text)}},
                     .variables = std::move(variables)});
}

TEST(Dotenv, lies_over_the_files_and_under_the_variables) {
    const auto candidate =
        load_dotenv("BOT_NAME=two\nBOT_TRADING_MAX_ORDERS=2\n", {"BOT_TRADING_MAX_ORDERS=3"}, "name: one");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).name, "two");
    EXPECT_EQ(decoded(candidate).trading.max_orders, 3);
}

TEST(Dotenv, may_be_left_out) {
    EXPECT_EQ(decoded(load_bot({.files = {{"config/base.yaml", "{}"}, {"config/.env", "BOT_NAME=x"}},
                                .use_dotenv = false}))
                  .name,
              "bot");
}

TEST(Dotenv, a_bad_value_is_pointed_at_in_the_file) {
    const auto candidate = load_dotenv("# limits\nBOT_TRADING_MAX_ORDERS=many\n");

    EXPECT_EQ(place(find(candidate, Code::WrongType).origin), "config/.env:2:24");
    EXPECT_EQ(candidate->layers.back().name, "dotenv");
}

TEST(Dotenv, quotes_are_not_part_of_a_list) {
    const auto candidate = load_dotenv("BOT_LISTS_NUMBERS='[1, x]'\n");

    EXPECT_EQ(codes(candidate), std::vector{Code::BadListSyntax});
    EXPECT_EQ(decoded(load_dotenv("BOT_LISTS_SYMBOLS='[\"A\", \"B\"]'\n")).lists.symbols, (Words{"A", "B"}));
    EXPECT_EQ(decoded(load_dotenv(R"(BOT_LISTS_SYMBOLS="[\"A\"]")")).lists.symbols, Words{"A"});
}

TEST(Dotenv, values_are_typed_as_those_of_variables) {
    const auto candidate = load_dotenv(
        "BOT_DEBUG=Yes\nBOT_NAME='012'\nBOT_TIMEOUT=1h30m\nBOT_WEIGHTS__SPY=1_000\n"
        "BOT_TRADING_NOTE=null\n");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_TRUE(decoded(candidate).debug);
    EXPECT_EQ(decoded(candidate).name, "012");
    EXPECT_EQ(decoded(candidate).timeout, std::chrono::minutes{90});
    EXPECT_EQ(decoded(candidate).weights.at("spy"), 1000);
    EXPECT_EQ(decoded(candidate).trading.note, "null");
    EXPECT_EQ(codes(load_dotenv("BOT_TRADING_MAX_ORDERS=012\n")), std::vector{Code::LeadingZero});
    EXPECT_EQ(codes(load_dotenv("BOT_TRADING_MAX_ORDERS=8.5\n")), std::vector{Code::WrongType});
    EXPECT_EQ(codes(load_dotenv("BOT_TIMEOUT=5\n")), std::vector{Code::MissingUnit});
}

TEST(Dotenv, operators_work_as_in_variables) {
    EXPECT_EQ(
        decoded(load_dotenv("BOT_LISTS_SYMBOLS=@append B\n", {}, "lists: {symbols: [A]}")).lists.symbols,
        (Words{"A", "B"}));
    EXPECT_EQ(codes(load_dotenv("BOT_NAME=@delete\n")), std::vector{Code::NothingToDelete});
}

TEST(Dotenv, other_names_are_ignored_and_unknown_ones_are_errors_without_the_value) {
    const auto candidate = load_dotenv("OTHER=1\nBOT_DEBUGG=hush\n");

    EXPECT_EQ(codes(candidate), std::vector{Code::UnknownVariable});
    EXPECT_EQ(place(find(candidate, Code::UnknownVariable).origin), "config/.env:2:1");
    EXPECT_FALSE(report_of(candidate).contains("hush"));
}

TEST(Dotenv, a_secret_is_never_shown) {
    const auto candidate = load_dotenv("BOT_DATABASE_PASSWORD=hush\n");

    EXPECT_EQ(codes(candidate), std::vector{Code::PlainTextSecret}) << report_of(candidate);
    EXPECT_FALSE(report_of(candidate).contains("hush"));
}

TEST(Dotenv, a_broken_file_shows_no_value_and_is_never_taken_for_an_empty_one) {
    const auto candidate = load_dotenv("BOT_NAME=\"hush\nBOT_TITLE=hush\n");

    EXPECT_FALSE(candidate->ok);
    EXPECT_TRUE(candidate->layers.back().is_broken);
    EXPECT_FALSE(report_of(candidate).contains("hush")) << report_of(candidate);
}

TEST(Dotenv, a_name_twice_is_one_error) {
    EXPECT_EQ(load_dotenv("BOT_NAME=a\nBOT_NAME=b\n")->diagnostics.size(), 1U);
}

TEST(Dotenv, never_selects_the_environment) {
    const auto candidate = load_dotenv("BOT_ENVIRONMENT=production\n");

    EXPECT_EQ(codes(candidate), std::vector{Code::EnvironmentMismatch});
    EXPECT_EQ(place(find(candidate, Code::EnvironmentMismatch).origin), "config/.env:1:17");
    EXPECT_TRUE(load_dotenv("BOT_ENVIRONMENT=dev\n")->ok);
}

TEST(Dotenv, strict_empty_may_stand_in_it) {
    EXPECT_EQ(codes(load_dotenv("BOT_STRICT_EMPTY=1\nBOT_NAME=\n")), std::vector{Code::EmptyVariable});
    EXPECT_TRUE(load_dotenv("BOT_STRICT_EMPTY=1\nBOT_NAME=\n", {"BOT_STRICT_EMPTY=0"})->ok);
}

TEST(Dotenv, what_is_no_answer_to_a_question_of_ours_is_not_shown) {
    const auto candidate = load_dotenv("BOT_STRICT_EMPTY=hush\n");

    EXPECT_EQ(codes(candidate), std::vector{Code::BooleanSpelling});
    EXPECT_FALSE(report_of(candidate).contains("hush")) << report_of(candidate);
}

}  // namespace
}  // namespace quantconf::layers::test
