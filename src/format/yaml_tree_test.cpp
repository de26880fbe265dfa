// What the tree of a valid text looks like: styles, texts, places.

#include <gtest/gtest.h>

#include "format/test_support.hpp"

namespace quantconf::format {
namespace {

using testing::problems;
using testing::Texts;
using testing::tree;
using testing::yaml;

std::string_view slice(const Parsed& parsed, const value::Node& node) {
    return parsed.document->source->text().substr(node.begin, node.end - node.begin);
}

TEST(YamlTree, scalars_keep_their_text_and_their_style) {
    const Parsed parsed = yaml("a: 0123\nb: '0123'\nc: \"0123\"\nd: |\n  x\n  y\ne: >\n  x\n  y\n\nf: x\n");

    const auto map = parsed.document->root.map();
    EXPECT_EQ(map[0].value.style, value::Style::Plain);
    EXPECT_EQ(map[1].value.style, value::Style::SingleQuoted);
    EXPECT_EQ(map[2].value.style, value::Style::DoubleQuoted);
    EXPECT_EQ(map[3].value.style, value::Style::Literal);
    EXPECT_EQ(map[3].value.scalar(), "x\ny\n");
    EXPECT_EQ(map[4].value.style, value::Style::Folded);
    EXPECT_EQ(map[4].value.scalar(), "x y\n");
    EXPECT_EQ(map[5].value.scalar(), "x");
    EXPECT_FALSE(has_errors(parsed.diagnostics));
}

TEST(YamlTree, places_are_byte_offsets_with_the_quotes) {
    const Parsed parsed = yaml("a: 'x'\nb: plain text # c\nc: [1, {d: 2}]\ne: |\n  line\n\nf: \"\\n\"\n");

    const auto map = parsed.document->root.map();
    EXPECT_EQ(slice(parsed, map[0].value), "'x'");
    EXPECT_EQ(slice(parsed, map[1].value), "plain text");
    EXPECT_EQ(slice(parsed, map[2].value), "[1, {d: 2}]");
    EXPECT_EQ(slice(parsed, map[3].value), "|\n  line");
    EXPECT_EQ(slice(parsed, map[4].value), "\"\\n\"");
    EXPECT_EQ(slice(parsed, parsed.document->root),
              parsed.document->source->text().substr(0, map[4].value.end));
}

TEST(YamlTree, places_are_right_behind_characters_of_several_bytes) {
    const Parsed parsed = yaml("\xEF\xBB\xBF\u00e9: \"\u20ac\U0001F600\"\nb: \u00fc\nc: [\u00e9, 1]\n");

    const auto map = parsed.document->root.map();
    EXPECT_EQ(slice(parsed, map[0].value), "\"\u20ac\U0001F600\"");
    EXPECT_EQ(slice(parsed, map[1].value), "\u00fc");
    EXPECT_EQ(slice(parsed, map[2].value), "[\u00e9, 1]");
    EXPECT_EQ(map[2].value.list()[1].origin().position(), (Position{3, 8}));
}

TEST(YamlTree, a_text_that_stands_in_the_source_as_it_is_is_not_copied) {
    const Parsed parsed = yaml("a: plain\nb: 'quoted'\nc: \"tab\\t\"\nd: two\n  lines\n");

    const auto map = parsed.document->root.map();
    const std::string_view text = parsed.document->source->text();
    const auto is_inside = [text](const char* at) {
        return at >= text.data() && at < text.data() + text.size();
    };
    EXPECT_TRUE(is_inside(map[0].key_text));
    EXPECT_TRUE(is_inside(map[0].value.text));
    EXPECT_TRUE(is_inside(map[1].value.text));
    EXPECT_FALSE(is_inside(map[2].value.text));
    EXPECT_EQ(map[3].value.scalar(), "two lines");
}

TEST(YamlTree, an_empty_value_stands_right_behind_its_colon) {
    const Parsed parsed = yaml("a:\nb:   # comment\nc: {d: , e: 1}\nf: [,]\n");
    EXPECT_EQ(parsed.document, nullptr);

    const Parsed good = yaml("a:\nb:   # comment\nc: {d: , e}\n");
    const auto map = good.document->root.map();
    EXPECT_EQ(map[0].value.origin().position(), (Position{1, 3}));
    EXPECT_TRUE(map[0].value.is_null());
    EXPECT_EQ(map[1].value.origin().position(), (Position{2, 3}));
    EXPECT_EQ(map[2].value.map()[0].value.origin().position(), (Position{3, 7}));
    EXPECT_EQ(map[2].value.map()[1].value.origin().position(), (Position{3, 11}));
}

TEST(YamlTree, anchors_and_tags_do_not_belong_to_the_place_of_a_value) {
    const Parsed parsed = yaml("a: &x 1\nb: !!str 5\nc: !append [1]\nd: &y # why\n  e: 1\nf: !delete\n");

    const auto map = parsed.document->root.map();
    EXPECT_EQ(slice(parsed, map[0].value), "1");
    EXPECT_EQ(slice(parsed, map[1].value), "5");
    EXPECT_EQ(slice(parsed, map[2].value), "[1]");
    EXPECT_EQ(slice(parsed, map[3].value), "e: 1");
    EXPECT_EQ(slice(parsed, map[4].value), "!delete");
}

TEST(YamlTree, an_alias_is_the_anchored_value_in_another_place) {
    const Parsed parsed = yaml("a: &x {n: [1, 2]}\nb: *x\nc: &s text\nd: [*s, *s]\n");

    EXPECT_EQ(testing::shown(parsed), "{a: {n: [1, 2]}, b: {n: [1, 2]}, c: text, d: [text, text]}");
    EXPECT_EQ(parsed.document->root.map()[1].value.entries, parsed.document->root.map()[0].value.entries);
}

TEST(YamlTree, aliases_cannot_nest_deeper_than_text) {
    std::string text = "a0: &a0 {x: 1}\n";
    for (int i = 1; i < 80; ++i) {
        text += fmt::format("a{0}: &a{0} {{x: *a{1}}}\n", i, i - 1);
    }
    EXPECT_EQ(testing::found(yaml(text).diagnostics), Texts{"QC1113 64:15"});
}

TEST(YamlTree, aliases_may_add_a_hundred_thousand_values) {
    const auto repeated = [](int aliases) {
        std::string text = "a: &a [";
        for (int i = 0; i < 999; ++i) {
            text += "1, ";
        }
        text += "]\nb: [";
        for (int i = 0; i < aliases; ++i) {
            text += "*a, ";
        }
        return text + "]\n";
    };
    EXPECT_EQ(problems(repeated(100)), Texts{});
    EXPECT_EQ(yaml(repeated(101)).diagnostics.at(0).code, Code::AliasBomb);
}

TEST(YamlTree, merged_keys_that_differ_in_case_from_others_are_an_error) {
    EXPECT_EQ(problems("b: &b {Host: 1}\nc:\n  <<: *b\n  host: 2\n"), Texts{"QC1103 4:3"});
}

TEST(YamlTree, merges_of_merges_reach_through) {
    EXPECT_EQ(tree("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, z: 3}\n"),
              "{a: {x: 1}, b: {y: 2, x: 1}, c: {z: 3, y: 2, x: 1}}");
}

TEST(YamlTree, operators_are_tags_of_the_values_of_keys) {
    EXPECT_EQ(
        tree("a: !delete\nb: !delete?\nc: !replace {x: 1}\nd: !append [1]\ne: !prepend\n  - 1\nf: !remove "
             "[x]\n"),
        "{a: !delete , b: !delete? , c: !replace {x: 1}, d: !append [1], e: !prepend [1], f: !remove [x]}");
    EXPECT_EQ(tree("a: !replace [1]\n"), "{a: !replace [1]}");
}

TEST(YamlTree, misplaced_operators_are_errors) {
    EXPECT_EQ(problems("a: !append 5\n"), Texts{"QC1122 1:4"});
    EXPECT_EQ(problems("a: !append {x: 1}\n"), Texts{"QC1122 1:4"});
    EXPECT_EQ(problems("a: !delete 5\n"), Texts{"QC1122 1:4"});
    EXPECT_EQ(problems("a: !delete \"\"\n"), Texts{"QC1122 1:4"});
    EXPECT_EQ(problems("a: !delete? [1]\n"), Texts{"QC1122 1:4"});
    EXPECT_EQ(problems("a: !replace 5\n"), Texts{"QC1122 1:4"});
    EXPECT_EQ(problems("a: [!delete , 1]\n"), Texts{"QC1122 1:5"});
    EXPECT_EQ(problems("!replace\na: 1\n"), Texts{"QC1122 1:1"});
}

TEST(YamlTree, a_misspelt_operator_is_answered_with_its_name) {
    const Parsed parsed = yaml("a: !apend [1]\n");
    ASSERT_EQ(parsed.diagnostics.size(), 1U);
    EXPECT_NE(parsed.diagnostics[0].hint.find("!append"), std::string::npos);
}

TEST(YamlTree, core_tags_must_agree_with_the_value) {
    EXPECT_EQ(tree("a: !!str 5\nb: !!int 0x1F\nc: !!float -1.5e3\nd: !!bool true\ne: !!null ~\nf: !!map "
                   "{}\ng: !!seq []\n"),
              "{a: \"5\", b: 0x1F, c: -1.5e3, d: true, e: ~, f: {}, g: []}");
    for (const std::string_view value : {"!!int x", "!!int \"5\"", "!!float .", "!!float 1e", "!!bool yes",
                                         "!!null 0", "!!map []", "!!seq {}", "!!str []", "!!int 0x"}) {
        EXPECT_EQ(problems(fmt::format("a: {}\n", value)), Texts{"QC1121 1:4"}) << value;
    }
}

TEST(YamlTree, everything_wrong_is_reported_in_one_run) {
    EXPECT_EQ(problems("a: 1\na: 2\nb.c: 1\nd: !x 1\ne: *y\nf: {~: 1}\ng: [1\n"),
              (Texts{"QC1106 3:1", "QC1121 4:4", "QC1117 5:4", "QC1104 6:5", "QC1101 8:1"}));
    // The map was never finished, so its duplicates could not be known; this one is.
    EXPECT_EQ(problems("x: {a: 1, a: 2}\nb.c: 1\n"), (Texts{"QC1102 1:11", "QC1106 2:1"}));
}

TEST(YamlTree, the_owners_snippets_load) {
    EXPECT_EQ(tree("# production.yaml\nenvironment: \"production\"\ndebug: false\nmax_position_size: 0.05  # "
                   "Higher\n"
                   "data_sources:\n  polygon_api_key: \"SECURE:polygon_key\"      # Encrypted storage\n\n  "
                   "rate_limits:\n"
                   "    polygon:\n      backoff_factor: 1.5          # Intelligent backoff\n"
                   "alert_webhook_url: \"https://hooks.slack.com/...\"\n"),
              "{environment: \"production\", debug: false, max_position_size: 0.05, data_sources: "
              "{polygon_api_key: "
              "\"SECURE:polygon_key\", rate_limits: {polygon: {backoff_factor: 1.5}}}, alert_webhook_url: "
              "\"https://hooks.slack.com/...\"}");
}

}  // namespace
}  // namespace quantconf::format
