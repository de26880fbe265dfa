#include <gtest/gtest.h>

#include "format/test_support.hpp"

namespace quantconf::format {
namespace {

using testing::file;
using testing::found;
using testing::shown;
using testing::Texts;

Parsed json(std::string_view text) {
    return parse_json(file(text));
}

TEST(Json, a_layer_becomes_the_same_tree_as_in_yaml) {
    const Parsed parsed = json("{\"a\": 1.50, \"b\": [true, null, \"x\"], \"c\": {\"d\": -0}}\n");

    EXPECT_TRUE(parsed.diagnostics.empty());
    EXPECT_EQ(shown(parsed), "{a: 1.50, b: [true, null, \"x\"], c: {d: -0}}");
    const auto map = parsed.document->root.map();
    EXPECT_EQ(map[0].value.style, value::Style::Plain);
    EXPECT_EQ(map[0].value.origin().position(), (Position{1, 7}));
    EXPECT_EQ(map[0].key_begin, 1U);
    EXPECT_EQ(map[0].key_end, 4U);
    EXPECT_TRUE(map[1].value.list()[1].is_null());
    EXPECT_EQ(map[1].value.begin, 17U);
    EXPECT_EQ(map[1].value.end, 34U);
}

TEST(Json, escapes_and_surrogate_pairs_are_decoded) {
    const Parsed parsed = json(R"({"a": "\ud83d\ude00 \u00e9 \"\\\/\b\f\n\r\t", "\u0062": "plain"})");

    EXPECT_EQ(parsed.document->root.map()[0].value.scalar(), "\U0001F600 \u00e9 \"\\/\b\f\n\r\t");
    EXPECT_EQ(parsed.document->root.map()[1].key(), "b");
    EXPECT_EQ(json(R"({"a": "x\u0000y"})").document->root.map()[0].value.scalar(),
              (std::string_view{"x\0y", 3}));
}

TEST(Json, numbers_follow_the_grammar) {
    for (const std::string_view number :
         {"0", "-1", "1.5", "1e3", "1E+3", "-0.5e-10", "12345678901234567890"}) {
        EXPECT_TRUE(json(fmt::format("{{\"a\": {}}}", number)).diagnostics.empty()) << number;
    }
    for (const std::string_view number : {"01", "+1", ".5", "1.", "1e", "1e+", "0x1F", "1_000", "NaN",
                                          "Infinity", "-", "--1", "True", "yes", "nul", "1.5.2"}) {
        EXPECT_EQ(found(json(fmt::format("{{\"a\": {}}}", number)).diagnostics), Texts{"QC1123 1:7"})
            << number;
    }
}

TEST(Json, what_only_yaml_knows_is_refused) {
    for (const std::string_view text : {"{\"a\": 1,}",
                                        "{\"a\": [1,]}",
                                        "{'a': 1}",
                                        "{a: 1}",
                                        "{\"a\": 'x'}",
                                        "{\"a\": 1} // c",
                                        "# c\n{}",
                                        "{\"a\": /* c */ 1}",
                                        "{\"a\": &x 1}",
                                        "{\"a\": !!str 1}",
                                        "{\"a\": *x}",
                                        "{\"a\" 1}",
                                        "{\"a\": 1 \"b\": 2}",
                                        "{\"a\": 1",
                                        "{\"a\":",
                                        "{\"a\"",
                                        "{",
                                        "[1, 2",
                                        "{\"a\": [1 2]}",
                                        "{} {}",
                                        "{}x",
                                        "",
                                        "  ",
                                        "a: 1\n",
                                        "{\"a\": \"x\n\"}",
                                        "{\"a\": \"x\ty\"}",
                                        "{\"a\": \"x}",
                                        "{\"a\": \"\\x41\"}",
                                        "{\"a\": \"\\ud83d\"}",
                                        "{\"a\": \"\\ude00\\ud83d\"}",
                                        "{\"a\": \"\\u00g0\"}",
                                        "{\"a\": \"\\u12\"}",
                                        "{\"a\": \"\\",
                                        "{,}",
                                        "{\"a\"}"}) {
        const Parsed parsed = json(text);
        ASSERT_EQ(parsed.diagnostics.size(), 1U) << text;
        EXPECT_EQ(parsed.diagnostics[0].code, Code::NotJson) << text;
        EXPECT_EQ(parsed.document, nullptr) << text;
    }
}

TEST(Json, comments_and_trailing_commas_are_named) {
    EXPECT_EQ(json("{\"a\": 1 // c\n}").diagnostics[0].message, "expected `,` or `}`, found a comment");
    EXPECT_EQ(json("{\"a\": 1,}").diagnostics[0].message, "expected a key in double quotes, found `}`");
    EXPECT_NE(json("{\"a\": 1,}").diagnostics[0].hint.find("comma"), std::string::npos);
    EXPECT_NE(json("{'a': 1}").diagnostics[0].hint.find("double quotes"), std::string::npos);
}

TEST(Json, keys_follow_the_same_rules_as_in_yaml) {
    EXPECT_EQ(found(json("{\"a\": 1,\n\"a\": 2,\n\"A\": 3}").diagnostics),
              (Texts{"QC1102 2:1", "QC1103 3:1"}));
    EXPECT_EQ(found(json("{\"a.b\": 1}").diagnostics), Texts{"QC1106 1:2"});
    EXPECT_EQ(found(json("{\"\": 1}").diagnostics), Texts{"QC1104 1:2"});
    EXPECT_EQ(found(json("{\"a\\u200b\": 1}").diagnostics), Texts{"QC1105 1:2"});
    EXPECT_EQ(found(json("{\"a\\u0000\": 1}").diagnostics), Texts{"QC1105 1:2"});
    EXPECT_EQ(found(json("{\"cafe\\u0301\": 1}").diagnostics), Texts{"QC1105 1:2"});
    EXPECT_EQ(found(json("{\"m\\u0430x\": 1}").diagnostics), Texts{"QC1105 1:2"});
    EXPECT_EQ(found(json("{\"a\": 1,\n\"\\u0061\": 2}").diagnostics), Texts{"QC1102 2:1"});
}

TEST(Json, a_merge_key_is_an_ordinary_key) {
    EXPECT_EQ(shown(json("{\"<<\": {\"a\": 1}}")), "{<<: {a: 1}}");
}

TEST(Json, encoding_is_checked_as_in_yaml) {
    EXPECT_EQ(found(json("{\"a\": \"caf\xe9\"}").diagnostics), Texts{"QC1108 1:11"});
    EXPECT_TRUE(json("\xEF\xBB\xBF{\"a\": \"\u00a0\"}").diagnostics.empty());
}

TEST(Json, nesting_is_cut_at_64_levels) {
    const auto nested = [](std::size_t levels) {
        return "{\"a\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
    };
    EXPECT_TRUE(json(nested(64)).diagnostics.empty());
    EXPECT_EQ(json(nested(65)).diagnostics.at(0).code, Code::TooDeep);
}

TEST(Json, the_root_of_a_layer_is_a_mapping_and_that_of_a_value_anything) {
    EXPECT_EQ(found(json("[1]").diagnostics), Texts{"QC1112 1:1"});
    EXPECT_EQ(shown(parse_json_value(file("[1, {\"a\": 2}]"))), "[1, {a: 2}]");
    EXPECT_EQ(shown(parse_json_value(file("\"x\""))), "\"x\"");
    EXPECT_EQ(shown(parse_json_value(file("[1"))), "no document");
}

TEST(Json, no_message_and_no_excerpt_shows_a_value) {
    for (const std::string_view text :
         {"{\"password\": hunter2}", "{\"password\": 'hunter2'}", "{\"password\": \"hunter2}",
          "{\"password\": \"hunter2\" 1}", "{\"password\": \"hunter2\\x\"}", "{\"x\": 1, \"x\": \"hunter2\"}",
          "{\"a.b\": \"hunter2\"}", "\"hunter2\""}) {
        const Parsed parsed = json(text);
        EXPECT_TRUE(has_errors(parsed.diagnostics)) << text;
        EXPECT_EQ(testing::rendered(parsed.diagnostics).find("hunter2"), std::string::npos)
            << testing::rendered(parsed.diagnostics);
    }
}

}  // namespace
}  // namespace quantconf::format
