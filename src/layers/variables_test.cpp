#include "layers/variables.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "layers/test_bot.hpp"

namespace quantconf::layers::test {
namespace {

constexpr auto kNotes = Severity::Note;

// E1

TEST(Variables, a_name_is_the_path_in_upper_case) {
    const auto candidate =
        load_variables({"BOT_TRADING_MAX_POSITION_SIZE=0.05", "BOT_DEBUG=true", "PATH=/bin"});

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).trading.max_position_size, 0.05);
    EXPECT_TRUE(decoded(candidate).debug);
}

TEST(Variables, two_underscores_always_separate) {
    for (const char* name :
         {"BOT__TRADING__MAX_ORDERS", "BOT_TRADING__MAX_ORDERS", "BOT__TRADING_MAX_ORDERS"}) {
        const auto candidate = load_variables({std::string{name} + "=7"});
        EXPECT_TRUE(candidate->ok) << name << report_of(candidate);
        EXPECT_EQ(decoded(candidate).trading.max_orders, 7) << name;
    }
}

TEST(Variables, a_name_is_never_split_where_the_schema_does_not) {
    EXPECT_EQ(codes(load_variables({"BOT_TRADING__MAX__ORDERS=7"})), std::vector{Code::UnknownVariable});
    EXPECT_EQ(codes(load_variables({"BOT_TRADING_MAX_ORDERS_=7"})), std::vector{Code::UnknownVariable});
    EXPECT_EQ(codes(load_variables({"BOT___TRADING_MAX_ORDERS=7"})), std::vector{Code::UnknownVariable});
}

TEST(Variables, one_value_under_two_names_is_an_error) {
    const auto candidate = load_variables({"BOT_TRADING_MAX_ORDERS=7", "BOT__TRADING__MAX_ORDERS=8"});

    EXPECT_EQ(codes(candidate), std::vector{Code::VariableSetTwice});
    EXPECT_EQ(find(candidate, Code::VariableSetTwice).path, "trading.max_orders");
}

TEST(Variables, where_a_value_comes_from_is_the_name_of_the_variable) {
    const auto candidate = load_variables({"BOT_TRADING_MAX_ORDERS=many"});

    EXPECT_EQ(codes(candidate), std::vector{Code::WrongType});
    EXPECT_EQ(place(candidate->diagnostics.front().origin), "BOT_TRADING_MAX_ORDERS");
    EXPECT_EQ(candidate->layers.back().name, "variable");
}

TEST(Variables, their_order_does_not_matter) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    Words variables = {"BOT_DEBUG=true",
                       "BOT_LISTS_SYMBOLS__0=A",
                       "BOT_LISTS_SYMBOLS__1=B",
                       "BOT_LISTS_HOSTS__0__NAME=h",
                       "BOT_LISTS_HOSTS__0__PORT=5",
                       "BOT_LIMITS__NEW__PER_MINUTE=5",
                       "BOT_LIMITS__NEW__BACKOFF=2",
                       "BOT_LIMITS_POLYGON_PER_MINUTE=6",
                       "BOT_WEIGHTS__SPY=1",
                       "BOT_WEIGHTS__QQQ=2",
                       "BOT_TRADING_MAX_ORDERS=7"};
    const std::string hash = load_variables(variables)->hash;
    ASSERT_FALSE(hash.empty());
    for (int i = 0; i < 50; ++i) {
        std::ranges::shuffle(variables, random);
        ASSERT_EQ(load_variables(variables)->hash, hash);
    }
}

TEST(Variables, a_variable_does_not_make_a_key_known_to_the_others) {
    for (const Words& variables : {Words{"BOT_LIMITS__NEW__PER_MINUTE=5", "BOT_LIMITS_NEW_BACKOFF=2"},
                                   Words{"BOT_LIMITS_NEW_BACKOFF=2", "BOT_LIMITS__NEW__PER_MINUTE=5"}}) {
        EXPECT_EQ(codes(load_variables(variables)), std::vector{Code::UnknownVariable});
    }
}

// E2

TEST(Variables, a_key_of_a_map_stands_between_two_underscores) {
    const auto candidate = load_variables({"BOT_LIMITS__NEW_ONE__PER_MINUTE=5", "BOT_WEIGHTS__X=3"});

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).limits.at("new_one").per_minute, 5);
    EXPECT_EQ(decoded(candidate).weights.at("x"), 3);
}

TEST(Variables, a_key_that_a_lower_layer_has_needs_only_one) {
    const auto candidate =
        load_variables({"BOT_LIMITS_ALPHA_VANTAGE_PER_MINUTE=5"}, "limits: {alpha_vantage: {backoff: 2}}");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).limits.at("alpha_vantage").per_minute, 5);
    EXPECT_EQ(decoded(candidate).limits.at("alpha_vantage").backoff, 2.0);
}

TEST(Variables, a_key_of_the_defaults_is_known_as_well) {
    EXPECT_EQ(decoded(load_variables({"BOT_LIMITS_POLYGON_PER_MINUTE=5"})).limits.at("polygon").per_minute,
              5);
}

TEST(Variables, an_unknown_key_with_one_underscore_is_an_error) {
    EXPECT_EQ(codes(load_variables({"BOT_LIMITS_FINNHUB_PER_MINUTE=5"})), std::vector{Code::UnknownVariable});
}

TEST(Variables, keys_match_existing_ones_in_any_case_and_are_lower_case_otherwise) {
    const auto candidate =
        load_variables({"BOT_WEIGHTS__AAPL=1", "BOT_WEIGHTS__tsla=2", "BOT_WEIGHTS__BRK_B=3"},
                       "weights: {Aapl: 5, brk-b: 6}");

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).weights,
              (std::map<std::string, int>{{"Aapl", 1}, {"tsla", 2}, {"brk-b", 3}}));
}

TEST(Variables, two_spellings_of_one_key_are_one_too_many) {
    EXPECT_EQ(codes(load_variables({"BOT_WEIGHTS__AAPL=1", "BOT_WEIGHTS__aapl=2"})),
              std::vector{Code::VariableSetTwice});
}

TEST(Variables, a_key_in_a_name_is_made_of_plain_letters) {
    for (const char* name : {"BOT_WEIGHTS__A.B", "BOT_WEIGHTS__A B", "BOT_WEIGHTS__caf\u00e9",
                             "BOT_WEIGHTS__a\u200b", "BOT_WEIGHTS__\xff"}) {
        EXPECT_EQ(codes(load_variables({std::string{name} + "=1"})), std::vector{Code::UnknownVariable})
            << name;
    }
}

TEST(Variables, the_longer_of_two_known_keys_is_no_trap) {
    const std::string base = "limits: {a: {}, a_per: {}}";
    EXPECT_TRUE(load_variables({"BOT_LIMITS_A_PER_MINUTE=5"}, base)->ok);
    EXPECT_EQ(
        decoded(load_variables({"BOT_LIMITS__A_PER__PER_MINUTE=5"}, base)).limits.at("a_per").per_minute, 5);
}

struct Ambiguous {
    struct Item {
        int c = 0;
        int b_c = 0;
        static Fields fields() { return {field<&Item::c>("c"), field<&Item::b_c>("b_c")}; }
    };
    std::map<std::string, Item> m = {{"a", {}}, {"a_b", {}}};
    static Fields fields() { return {field<&Ambiguous::m>("m")}; }
};

TEST(Variables, t61_what_only_two_underscores_can_tell_apart_is_an_error_that_names_both) {
    static const Schema kSchema = Schema::of<Ambiguous>({.app = "ambiguous", .env_prefix = "T"});
    const MemoryFiles files{{{"config/base.yaml", "{}"}}};
    const auto one_underscore =
        load({.schema = &kSchema, .files = &files, .variables = {"T_M_A_B_C=1"}}).value();
    EXPECT_EQ(codes(one_underscore), std::vector{Code::UnknownVariable});
    EXPECT_TRUE(one_underscore->diagnostics.front().message.contains("m.a.b_c or m.a_b.c"));
    const auto two = load({.schema = &kSchema, .files = &files, .variables = {"T_M__A__B_C=1"}}).value();
    EXPECT_EQ(decode<Ambiguous>(two->root).m.at("a").b_c, 1);
}

TEST(Variables, a_deleted_key_is_not_known) {
    const auto candidate = load_bot(
        {.files = {{"config/base.yaml", "limits: {a: {}}"}, {"config/local.yaml", "limits: {a: !delete }"}},
         .variables = {"BOT_LIMITS_A_PER_MINUTE=5"}});
    EXPECT_EQ(codes(candidate), std::vector{Code::UnknownVariable});
}

// E3

TEST(Variables, a_list_is_a_json_array_or_values_with_commas) {
    EXPECT_EQ(decoded(load_variables({R"(BOT_LISTS_SYMBOLS=["A", "B,C", " D "])"})).lists.symbols,
              (Words{"A", "B,C", " D "}));
    EXPECT_EQ(decoded(load_variables({"BOT_LISTS_SYMBOLS=A, B ,C"})).lists.symbols, (Words{"A", "B", "C"}));
    EXPECT_EQ(decoded(load_variables({"BOT_LISTS_SYMBOLS=A"})).lists.symbols, Words{"A"});
    EXPECT_EQ(decoded(load_variables({"BOT_LISTS_SYMBOLS=[]"})).lists.symbols, Words{});
    EXPECT_EQ(decoded(load_variables({"BOT_LISTS_NUMBERS=[1, 2]"})).lists.numbers, (std::vector{1, 2}));
    EXPECT_EQ(decoded(load_variables({"BOT_LISTS_NUMBERS=1,2"})).lists.numbers, (std::vector{1, 2}));
}

TEST(Variables, json_keeps_its_quotes) {
    EXPECT_EQ(codes(load_variables({R"(BOT_LISTS_NUMBERS=["1"])"})), std::vector{Code::QuotedScalar});
}

TEST(Variables, json_has_each_key_once) {
    EXPECT_EQ(codes(load_variables({R"(BOT_LISTS_HOSTS=[{"name": "a", "port": 1, "port": 2}])"})),
              std::vector{Code::BadListSyntax});
    EXPECT_EQ(codes(load_variables({R"(BOT_WEIGHTS=@replace {"a": 1, "a": 2})"})),
              std::vector{Code::WrongShape});
    EXPECT_EQ(codes(load_variables({R"(BOT_WEIGHTS=@replace {"a": 1, "A": 2})"})),
              std::vector{Code::WrongShape});
}

TEST(Variables, a_list_that_is_neither_says_how_both_are_written) {
    for (const char* text : {"A,,B", "A,", ",A", R"(["A",)", "[A]", R"("A","B")"}) {
        const auto candidate = load_variables({std::string{"BOT_LISTS_SYMBOLS="} + text});
        EXPECT_EQ(codes(candidate), std::vector{Code::BadListSyntax}) << text;
        EXPECT_EQ(find(candidate, Code::BadListSyntax).hint,
                  R"(write BOT_LISTS_SYMBOLS=["a", "b"] or BOT_LISTS_SYMBOLS=a,b)");
    }
}

TEST(Variables, a_list_of_structs_is_json) {
    const auto candidate = load_variables({R"(BOT_LISTS_HOSTS=[{"name": "a", "port": 1}])"});

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).lists.hosts.front().name, "a");
    EXPECT_EQ(codes(load_variables({"BOT_LISTS_HOSTS=a,b"})), std::vector{Code::BadListSyntax});
}

TEST(Variables, a_mistake_inside_json_is_pointed_at) {
    const auto candidate = load_variables({R"(BOT_LISTS_HOSTS=[{"name": "a", "port": 99999}])"});

    EXPECT_EQ(codes(candidate), std::vector{Code::OutOfRange});
    EXPECT_EQ(find(candidate, Code::OutOfRange).origin.begin, 23U);
}

TEST(Variables, items_may_be_set_one_by_one) {
    const auto candidate = load_variables({"BOT_LISTS_SYMBOLS__1=B", "BOT_LISTS_SYMBOLS__0=A",
                                           "BOT_LISTS_HOSTS__0__NAME=h", "BOT_LISTS_HOSTS__0__PORT=5"});

    EXPECT_TRUE(candidate->ok) << report_of(candidate);
    EXPECT_EQ(decoded(candidate).lists.symbols, (Words{"A", "B"}));
    EXPECT_EQ(decoded(candidate).lists.hosts.front().port, 5);
}

TEST(Variables, a_list_as_a_whole_and_item_by_item_is_an_error) {
    EXPECT_EQ(codes(load_variables({"BOT_LISTS_SYMBOLS=A", "BOT_LISTS_SYMBOLS__0=B"})),
              std::vector{Code::VariableSetTwice});
    EXPECT_EQ(codes(load_variables({"BOT_LISTS_SYMBOLS__0=B", "BOT_LISTS_SYMBOLS=A"})),
              std::vector{Code::VariableSetTwice});
}

TEST(Variables, a_gap_in_a_list_is_an_error) {
    const auto candidate = load_variables({"BOT_LISTS_SYMBOLS__0=A", "BOT_LISTS_SYMBOLS__2=C"});

    EXPECT_EQ(codes(candidate), std::vector{Code::ListGap});
    EXPECT_EQ(place(find(candidate, Code::ListGap).origin), "BOT_LISTS_SYMBOLS__2");
    EXPECT_EQ(codes(load_variables({"BOT_LISTS_SYMBOLS__1=A"})), std::vector{Code::ListGap});
}

TEST(Variables, an_index_is_a_plain_number) {
    EXPECT_EQ(codes(load_variables({"BOT_LISTS_SYMBOLS__00=A"})), std::vector{Code::UnknownVariable});
    EXPECT_EQ(codes(load_variables({"BOT_LISTS_SYMBOLS_0=A"})), std::vector{Code::UnknownVariable});
    EXPECT_EQ(codes(load_variables({"BOT_LISTS_SYMBOLS__1000000=A"})), std::vector{Code::UnknownVariable});
}

// E4: the value table, at the end of this file and here: a string is its bytes

TEST(Variables, a_string_is_taken_letter_by_letter) {
    for (const char* text : {"012", "00123456", "nan", "True", "1_000", "{\"a\":1}", "~", "null", " x ",
                             "a#b", "1e5", "[1,2]", "ä€"}) {
        const auto candidate = load_variables({std::string{"BOT_NAME="} + text});
        EXPECT_TRUE(candidate->ok) << text << report_of(candidate);
        EXPECT_EQ(decoded(candidate).name, text);
    }
}

TEST(Variables, booleans_have_eight_spellings_in_any_case) {
    for (const char* text : {"true", "TRUE", "1", "yes", "On"}) {
        EXPECT_TRUE(decoded(load_variables({std::string{"BOT_DEBUG="} + text})).debug) << text;
    }
    for (const char* text : {"false", "0", "No", "off"}) {
        const auto candidate = load_variables({std::string{"BOT_DEBUG="} + text}, "debug: true");
        EXPECT_TRUE(candidate->ok);
        EXPECT_FALSE(decoded(candidate).debug) << text;
    }
    EXPECT_FALSE(load_variables({"BOT_DEBUG=maybe"})->ok);
}

TEST(Variables, numbers_are_read_as_in_files) {
    EXPECT_EQ(codes(load_variables({"BOT_TRADING_MAX_ORDERS=012"})), std::vector{Code::LeadingZero});
    EXPECT_EQ(codes(load_variables({"BOT_TRADING_MAX_POSITION_SIZE=nan"})), std::vector{Code::NotFinite});
    EXPECT_EQ(decoded(load_variables({"BOT_TRADING_MAX_ORDERS=1_000"})).trading.max_orders, 1000);
    EXPECT_EQ(codes(load_variables({"BOT_TIMEOUT=5"})), std::vector{Code::MissingUnit});
}

TEST(Variables, a_value_that_is_not_utf8_is_an_error_and_is_not_shown) {
    const auto candidate = load_variables({"BOT_NAME=caf\xe9-hush"});

    EXPECT_EQ(codes(candidate), std::vector{Code::VariableNotUtf8});
    EXPECT_FALSE(report_of(candidate).contains("hush"));
}

// E5

TEST(Variables, an_empty_string_is_a_value_only_where_the_field_says_so) {
    EXPECT_EQ(decoded(load_variables({"BOT_TITLE="}, "title: x")).title, "");
    const auto candidate = load_variables({"BOT_NAME="}, "name: x");
    EXPECT_TRUE(candidate->ok);
    EXPECT_EQ(decoded(candidate).name, "x");
    EXPECT_EQ(codes(candidate, kNotes), std::vector{Code::EmptyVariable});
}

TEST(Variables, an_empty_value_of_another_type_is_not_set) {
    for (const char* name :
         {"BOT_DEBUG=", "BOT_TRADING_MAX_ORDERS=", "BOT_LISTS_SYMBOLS=", "BOT_DATABASE_PASSWORD="}) {
        const auto candidate = load_variables({name});
        EXPECT_TRUE(candidate->ok) << name;
        EXPECT_EQ(codes(candidate, kNotes), std::vector{Code::EmptyVariable}) << name;
    }
}

TEST(Variables, strict_empty_makes_it_an_error) {
    EXPECT_EQ(codes(load_variables({"BOT_NAME=", "BOT_STRICT_EMPTY=1"})), std::vector{Code::EmptyVariable});
    EXPECT_TRUE(load_variables({"BOT_NAME=", "BOT_STRICT_EMPTY=0"})->ok);
    EXPECT_EQ(codes(load_variables({"BOT_STRICT_EMPTY=perhaps"})), std::vector{Code::BooleanSpelling});
}

// E6

TEST(Variables, an_unknown_name_is_an_error_with_a_suggestion_and_without_the_value) {
    const auto candidate = load_variables({"BOT_TRADING_MAX_POSITON_SIZE=hush"});

    EXPECT_EQ(codes(candidate), std::vector{Code::UnknownVariable});
    EXPECT_TRUE(report_of(candidate).contains("did you mean BOT_TRADING_MAX_POSITION_SIZE?"))
        << report_of(candidate);
    EXPECT_FALSE(report_of(candidate).contains("hush"));
}

TEST(Variables, an_old_spelling_leads_to_the_new_name) {
    EXPECT_TRUE(report_of(load_variables({"BOT_MAX_POSITION_SIZE=0.1"}))
                    .contains("did you mean BOT_TRADING_MAX_POSITION_SIZE?"));
}

TEST(Variables, the_names_of_the_loader_itself_are_allowed) {
    EXPECT_EQ(codes(load_variables({"BOT_ENVIRONMENT=development", "BOT_STRICT_EMPTY=1"}), kNotes),
              std::vector<Code>{});
}

TEST(Variables, other_programs_are_left_alone) {
    EXPECT_EQ(codes(load_variables({"BOTTOM=1", "BOT=1", "ROBOT_DEBUG=1", "=x", "novalue"}), kNotes),
              std::vector<Code>{});
}

TEST(Variables, a_variable_has_a_limit) {
    const std::string large(1024 * 1024, 'x');
    EXPECT_EQ(decoded(load_variables({"BOT_NAME=" + large})).name, large);
    EXPECT_EQ(codes(load_variables({"BOT_NAME=" + large + "x"})), std::vector{Code::LayerTooLarge});
}

// E8

TEST(Variables, a_name_in_another_case_is_ignored_with_a_warning) {
    const auto candidate = load_variables({"bot_debug=hush", "Bot_Trading_Max_Orders=9"});

    EXPECT_TRUE(candidate->ok);
    EXPECT_EQ(codes(candidate), (std::vector{Code::VariableCase, Code::VariableCase}));
    EXPECT_FALSE(decoded(candidate).debug);
    EXPECT_TRUE(report_of(candidate).contains("did you mean BOT_DEBUG?"));
    EXPECT_FALSE(report_of(candidate).contains("hush"));
}

TEST(Variables, behind_the_prefix_the_case_counts_and_is_an_error) {
    const auto candidate = load_variables({"BOT_debug=true"});

    EXPECT_EQ(codes(candidate), std::vector{Code::UnknownVariable});
    EXPECT_TRUE(report_of(candidate).contains("did you mean BOT_DEBUG?")) << report_of(candidate);
}

TEST(Variables, a_name_that_stands_twice_is_an_error) {
    EXPECT_EQ(codes(load_variables({"BOT_DEBUG=true", "BOT_DEBUG=true"})),
              std::vector{Code::VariableSetTwice});
}

// Sections

TEST(Variables, a_section_is_no_variable_and_names_its_leaves) {
    const auto candidate = load_variables({"BOT_TRADING=x", "BOT_TRADING_MAX_ORDERS=3"});

    const Diagnostic diagnostic = find(candidate, Code::VariableIsSection);
    EXPECT_EQ(diagnostic.path, "trading");
    EXPECT_TRUE(diagnostic.hint.contains("max_position_size, max_orders or note")) << diagnostic.hint;
    EXPECT_EQ(codes(candidate), std::vector{Code::VariableIsSection});
}

TEST(Variables, a_section_with_a_secret_is_not_shown) {
    EXPECT_FALSE(report_of(load_variables({R"(BOT_DATABASE={"password": "hush"})"})).contains("hush"));
}

// M5

TEST(Variables, operators_are_words_after_an_at_sign) {
    const std::string base = "name: x\nlists: {symbols: [A, B]}\nlimits: {a: {}}\nweights: {x: 1}\n";
    EXPECT_EQ(decoded(load_variables({"BOT_NAME=@delete"}, base)).name, "bot");
    EXPECT_EQ(decoded(load_variables({"BOT_LISTS_SYMBOLS=@append [\"C\"]"}, base)).lists.symbols,
              (Words{"A", "B", "C"}));
    EXPECT_EQ(decoded(load_variables({"BOT_LISTS_SYMBOLS=@prepend C,D"}, base)).lists.symbols,
              (Words{"C", "D", "A", "B"}));
    EXPECT_EQ(decoded(load_variables({"BOT_LISTS_SYMBOLS=@remove A"}, base)).lists.symbols, Words{"B"});
    EXPECT_EQ(
        decoded(load_variables({"BOT_LISTS_APPENDED=@replace x"}, "lists: {appended: [y]}")).lists.appended,
        Words{"x"});
    EXPECT_EQ(decoded(load_variables({"BOT_LIMITS__A=@delete"}, base)).limits.size(), 1U);
    EXPECT_EQ(decoded(load_variables({"BOT_WEIGHTS=@replace {\"y\": 2}"}, base)).weights,
              (std::map<std::string, int>{{"y", 2}}));
}

TEST(Variables, deleting_needs_something_to_delete) {
    EXPECT_EQ(codes(load_variables({"BOT_NAME=@delete"})), std::vector{Code::NothingToDelete});
    EXPECT_TRUE(load_variables({"BOT_NAME=@delete?"})->ok);
}

TEST(Variables, a_text_may_look_like_an_operator) {
    EXPECT_EQ(decoded(load_variables({"BOT_NAME=@alice"})).name, "@alice");
    EXPECT_EQ(decoded(load_variables({"BOT_NAME=@delete me"})).name, "@delete me");
    EXPECT_EQ(decoded(load_variables({"BOT_NAME=@replace @delete"})).name, "@delete");
    EXPECT_EQ(codes(load_variables({"BOT_NAME=@append x"})), std::vector{Code::MisplacedOperator});
}

}  // namespace
}  // namespace quantconf::layers::test
