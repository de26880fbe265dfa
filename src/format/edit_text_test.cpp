#include "format/edit_text.hpp"

#include <gtest/gtest.h>

#include "format/edit_plain.hpp"
#include "format/edit_testing.hpp"

namespace quantconf::format {
namespace {

using testing::edited;

TEST(EditText, texts_are_quoted_only_where_plain_would_be_something_else) {
    for (const std::string_view text : {"",      "yes",    "No",       "on",         "y",
                                        "true",  "null",   "~",        "012",        "5",
                                        "-5",    "5.0",    "1e3",      ".5",         ".inf",
                                        "1_000", "0x1F",   "inf",      "=",          "<<",
                                        " x",    "x ",     "a: b",     "a #b",       "a:",
                                        "- a",   "-",      "? a",      "!a",         "&a",
                                        "*a",    "@a",     "`a",       "%a",         "|",
                                        ">",     "[a]",    "{a}",      "'a'",        "\"a\"",
                                        "a\nb",  "a\tb",   "---",      "...",        "#",
                                        "12:30", "a\\\n",  ": ",       "#a",         "1.",
                                        "+",     "\u00a0", "x\u200by", "2024-01-15", "2024-01-15T10:00:00Z",
                                        "\x7f",  "\ufeff", "1,000",    "--- a",      ",a",
                                        ":a",    "?"}) {
        EXPECT_FALSE(may_be_plain(text, false)) << text;
        const std::string result = edited("k: x\n", "k", Value::text(text));
        EXPECT_TRUE(result.starts_with("k: \"")) << result;
        EXPECT_EQ(testing::yaml(result).document->root.find("k")->value.scalar(), text);
    }
    for (const std::string_view text : {"INFO", "US/Eastern", "https://example.com/a?b=c", "1.0.0",
                                        "10.0.0.1", "café", "a, b", "[EMAIL]"}) {
        EXPECT_EQ(edited("k: x\n", "k", Value::text(text)),
                  text.starts_with('[') ? fmt::format("k: \"{}\"\n", text) : fmt::format("k: {}\n", text));
    }
    for (const std::string_view text :
         {"C:\\temp", "it's", "a b", "-x", "a:b", "$x", "30s", "a{b}", "日本"}) {
        EXPECT_EQ(edited("k: x\n", "k", Value::text(text)), fmt::format("k: {}\n", text));
    }
}

TEST(EditText, between_brackets_more_is_quoted) {
    for (const std::string_view text : {"a, b", "a]", "a{", "a?b"}) {
        EXPECT_TRUE(may_be_plain(text, false));
        EXPECT_EQ(edited("k: {a: x}\n", "k.a", Value::text(text)), fmt::format("k: {{a: \"{}\"}}\n", text));
    }
    EXPECT_EQ(edited("k: {a: x}\n", "k.a", Value::text("https://x:1/y")), "k: {a: https://x:1/y}\n");
}

TEST(EditText, our_own_references_are_escaped) {
    EXPECT_EQ(edited("k: x\n", "k", Value::text("SECURE:x")), "k: SECURE::x\n");
    EXPECT_EQ(edited("k: \"x\"\n", "k", Value::text("${a}")), "k: \"$${a}\"\n");
}

TEST(EditText, a_block_scalar_stays_one_where_the_text_allows_it) {
    EXPECT_EQ(edited("a: | # c\n    one\n    two\nb: 1\n", "a", Value::text("x\n\n# y\n")),
              "a: | # c\n    x\n\n    # y\nb: 1\n");
    EXPECT_EQ(edited("a: |+\n  one\n\n\nb: 1\n", "a", Value::text("x")), "a: |-\n  x\n\n\nb: 1\n");
    EXPECT_EQ(edited("a: >-\n  one\n  two\nb: 1\n", "a", Value::text("x\ny\n\nz\n")),
              "a: >\n  x\n\n  y\n\n\n  z\nb: 1\n");
    EXPECT_EQ(edited("a: |\r\n  one\r\nb: 1\r\n", "a", Value::text("x\ny\n")),
              "a: |\r\n  x\r\n  y\r\nb: 1\r\n");
    EXPECT_EQ(edited("a: |-\n  one", "a", Value::text("x\ny")), "a: |-\n  x\n  y");
    EXPECT_EQ(edited("a: |-\n  one", "a", Value::text("x\n")), "a: |\n  x\n");
}

TEST(EditText, else_it_becomes_a_text_in_quotes) {
    EXPECT_EQ(edited("a: | # c\n  one\nb: 1\n", "a", Value::text(" x\ny")), "a: \" x\\ny\" # c\nb: 1\n");
    EXPECT_EQ(edited("a: |\n  one\n\nb: 1\n", "a", Value::text("x\n\n")), "a: \"x\\n\\n\"\n\nb: 1\n");
    EXPECT_EQ(edited("a: |2\n  one\nb: 1\n", "a", Value::text("x\ny")), "a: \"x\\ny\"\nb: 1\n");
    EXPECT_EQ(edited("a: |\nb: 1\n", "a", Value::text("x\ny")), "a: \"x\\ny\"\nb: 1\n");
    EXPECT_EQ(edited("a: |\n  one", "a", Value::text("\tx")), "a: \"\\x09x\"");
}

}  // namespace
}  // namespace quantconf::format
