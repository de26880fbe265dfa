#include "layers/interpolate.hpp"

#include <ctime>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "layers/test_bot.hpp"

namespace quantconf::layers::test {
namespace {

std::shared_ptr<const Candidate> load_text(std::string base, Words variables = {}) {
    return load_variables(std::move(variables), std::move(base));
}

TEST(Interpolate, a_path_gives_the_winning_value) {
    const auto candidate = load_layers("name: '${database.host}:${database.port}'\ndatabase: {host: a}\n",
                                       "database: {host: b, port: 1}\n");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).name, "b:1");
}

TEST(Interpolate, a_path_that_nobody_set_gives_the_default_of_the_schema) {
    EXPECT_EQ(decoded(load_text("name: x-${database.port}-${timeout}-${debug}")).name, "x-5432-30s-false");
    EXPECT_EQ(decoded(load_text("name: x-${limits.polygon.per_minute}")).name, "x-300");
}

TEST(Interpolate, a_value_of_a_variable_or_setting_can_be_referred_to) {
    EXPECT_EQ(decoded(load_text("name: x-${database.host}", {"BOT_DATABASE_HOST=${literal}"})).name,
              "x-${literal}");
}

TEST(Interpolate, the_environment_of_the_process_is_read_by_name) {
    EXPECT_EQ(decoded(load_text("name: ${env:POD}", {"POD=p1"})).name, "p1");
}

TEST(Interpolate, a_default_stands_behind_colon_and_minus) {
    EXPECT_EQ(decoded(load_text("name: ${env:POD:-none}")).name, "none");
    EXPECT_EQ(decoded(load_text("name: ${env:POD:-none}", {"POD="})).name, "none");
    EXPECT_EQ(decoded(load_text("name: ${env:POD:-}x")).name, "x");
    EXPECT_EQ(decoded(load_text("name: ${trading.note:-no note}")).name, "no note");
    EXPECT_EQ(decoded(load_text("name: ${trading.note:-no note}\ntrading: {note: ~}")).name, "no note");
    EXPECT_EQ(decoded(load_text("name: ${trading.note:-no note}\ntrading: {note: yes!}")).name, "yes!");
}

TEST(Interpolate, two_dollars_are_one_and_a_naked_one_stays) {
    EXPECT_EQ(decoded(load_text("name: a$$b")).name, "a$b");
    EXPECT_EQ(decoded(load_text("name: $${database.host}")).name, "${database.host}");
    EXPECT_EQ(decoded(load_text("name: pa$word$1$")).name, "pa$word$1$");
}

TEST(Interpolate, the_result_is_typed_by_the_schema) {
    EXPECT_EQ(codes(load_text("database: {port: '${env:P}'}", {"P=99"})), std::vector{Code::QuotedScalar});
    EXPECT_EQ(decoded(load_text("trading:\n  max_orders: ${database.port}\n")).trading.max_orders, 5432);
    EXPECT_TRUE(decoded(load_text("debug: ${env:D}", {"D=yes"})).debug);
    EXPECT_EQ(codes(load_text("debug: ${env:D}", {"D=perhaps"})).size(), 1U);
}

TEST(Interpolate, a_wrong_result_is_reported_as_it_was_written) {
    const auto candidate = load_text("trading:\n  max_orders: ${env:N}\n", {"N=hush"});

    EXPECT_FALSE(report_of(candidate).contains("hush")) << report_of(candidate);
    EXPECT_EQ(place(candidate->diagnostics.front().origin), "config/base.yaml:2:15");
}

TEST(Interpolate, items_of_lists_may_refer) {
    EXPECT_EQ(decoded(load_text("lists: {symbols: [A, '${name}']}")).lists.symbols, (Words{"A", "bot"}));
}

TEST(Interpolate, references_are_followed) {
    EXPECT_EQ(decoded(load_text("name: ${title}1\ntitle: ${database.host}2\ndatabase: {host: x}")).name,
              "x21");
}

TEST(Interpolate, a_circle_is_an_error_with_the_whole_chain) {
    const auto candidate =
        load_text("name: ${title}\ntitle: ${database.host}\ndatabase: {host: '${name}'}\n");

    EXPECT_EQ(codes(candidate), std::vector{Code::ReferenceCycle});
    EXPECT_TRUE(find(candidate, Code::ReferenceCycle).message.contains(" -> ")) << report_of(candidate);
    EXPECT_EQ(find(candidate, Code::ReferenceCycle).related.size(), 2U);
    EXPECT_EQ(codes(load_text("name: ${name}")), std::vector{Code::ReferenceCycle});
}

TEST(Interpolate, an_unresolved_path_is_an_error_at_the_reference) {
    const auto candidate = load_text("name: x ${trading.note}\ntrading: {note: ~}\n");

    EXPECT_EQ(codes(candidate), std::vector{Code::UnresolvedReference});
    EXPECT_EQ(place(find(candidate, Code::UnresolvedReference).origin), "config/base.yaml:1:9");
    EXPECT_EQ(place(find(candidate, Code::UnresolvedReference).related.front().origin),
              "config/base.yaml:2:17");
}

TEST(Interpolate, a_path_or_variable_that_does_not_exist_is_an_error) {
    EXPECT_EQ(codes(load_text("name: ${database.hots}")), std::vector{Code::UnresolvedReference});
    EXPECT_TRUE(find(load_text("name: ${database.hots:-x}"), Code::UnresolvedReference)
                    .hint.contains("database.host"));
    EXPECT_EQ(codes(load_text("name: ${env:NOPE}")), std::vector{Code::UnresolvedReference});
}

TEST(Interpolate, a_failed_reference_is_the_only_complaint_about_its_value) {
    EXPECT_EQ(codes(load_text("trading:\n  max_orders: ${env:NOPE}\n")),
              std::vector{Code::UnresolvedReference});
}

TEST(Interpolate, what_is_no_reference_is_an_error) {
    for (const char* text : {"${", "${}", "${env:}", "${a..b}", "${env:1A}", "${a b}", "${name:-${title}}",
                             "${lists.symbols[0]}"}) {
        EXPECT_EQ(codes(load_text("name: '" + std::string{text} + "'")), std::vector{Code::BadInterpolation})
            << text;
    }
}

TEST(Interpolate, only_single_values_can_be_referred_to) {
    EXPECT_EQ(codes(load_text("name: ${trading}")), std::vector{Code::BadInterpolation});
    EXPECT_EQ(codes(load_text("name: ${lists.symbols}")), std::vector{Code::BadInterpolation});
}

TEST(Interpolate, a_secret_takes_no_part) {
    EXPECT_EQ(codes(load_text("name: ${database.password}")), std::vector{Code::BadInterpolation});
    EXPECT_EQ(codes(load_text("name: ${env:BOT_DATABASE_PASSWORD}", {"BOT_DATABASE_PASSWORD=SECURE:x"})),
              std::vector{Code::BadInterpolation});
    const auto candidate = load_text("database: {password: 'pa${name}$$'}");
    std::string plain;
    decoded(candidate).database.password.reveal(grant_secret_access(),
                                                [&](std::string_view text) { plain = text; });
    EXPECT_EQ(plain, "pa${name}$$");
}

TEST(Interpolate, what_a_higher_layer_hides_is_not_resolved) {
    const auto candidate =
        load_layers("trading: {max_orders: '${env:NOPE}', note: x}\nlists: {symbols: ['${env:NOPE}']}",
                    "trading: {max_orders: 3}\nlists: {symbols: [A]}");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).trading.max_orders, 3);
    EXPECT_EQ(candidate->merged.find("trading")->value.find("max_orders")->value.below->scalar(),
              "${env:NOPE}");
}

/// A map of texts, each of which refers to the next.
struct Chain {
    std::map<std::string, std::string> texts;
    static Fields fields() { return {field<&Chain::texts>("texts")}; }
};

Diagnostics load_chain(std::size_t references) {
    static const Schema kSchema = Schema::of<Chain>({.app = "chain", .env_prefix = "CHAIN"});
    std::string text = "texts:\n";
    for (std::size_t i = 0; i < references; ++i) {
        text += "  t" + std::to_string(i) + ": ${texts.t" + std::to_string(i + 1) + "}\n";
    }
    text += "  t" + std::to_string(references) + ": end$$\n";
    const MemoryFiles files{{{"config/base.yaml", text}}};
    return load({.schema = &kSchema, .files = &files}).value()->diagnostics;
}

TEST(Interpolate, a_chain_has_a_limit) {
    EXPECT_FALSE(has_errors(load_chain(limits::kInterpolationDepth)));
    const Diagnostics diagnostics = load_chain(limits::kInterpolationDepth + 1);
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics.front().code, Code::BadInterpolation);
}

TEST(Interpolate, a_result_has_a_limit) {
    const std::string large(kInterpolatedBytesMax, 'x');
    EXPECT_EQ(decoded(load_text("name: ${env:L}", {"L=" + large})).name.size(), kInterpolatedBytesMax);
    EXPECT_EQ(codes(load_text("name: ${env:L}y", {"L=" + large})), std::vector{Code::BadInterpolation});
}

TEST(Interpolate, the_number_of_references_has_a_limit) {
    const auto load_list = [](std::size_t references) {
        std::string text = "lists: {symbols: [";
        for (std::size_t i = 0; i < references; ++i) {
            text += "'${env:X:-a}',";
        }
        return load_text(text + "]}");
    };
    EXPECT_TRUE(load_list(limits::kReferences)->ok);
    EXPECT_EQ(codes(load_list(limits::kReferences + 1)), std::vector{Code::BadInterpolation});
}

/// Anything that is not linear in the number of references would take minutes.
TEST(Interpolate, many_wrong_references_are_reported_soon) {
    std::string text = "lists: {symbols: [";
    for (int i = 0; i < 300'000; ++i) {
        text += "'${nope}',";
    }
    const std::clock_t begin = std::clock();  // Processor time: the machine may be busy.
    EXPECT_FALSE(load_text(text + "]}")->ok);
    EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, 30);
}

}  // namespace
}  // namespace quantconf::layers::test
