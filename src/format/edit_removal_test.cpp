#include <gtest/gtest.h>

#include "format/edit_testing.hpp"

namespace quantconf::format {
namespace {

using testing::removed;

TEST(EditRemoval, a_key_goes_with_its_lines_and_the_comment_behind_it) {
    EXPECT_EQ(removed("a: 1\nb: 2  # two\nc: 3\n", "b"), "a: 1\nc: 3\n");
    EXPECT_EQ(removed("a: 1\nb:\n  - 2\n  # inside\n  - 3\nc: 3\n", "b"), "a: 1\nc: 3\n");
    EXPECT_EQ(removed("b: |\n  text\n\n  more\n\nc: 3\n", "b"), "\nc: 3\n");
    EXPECT_EQ(removed("b: \"two\n  lines\"\nc: 3\n", "b"), "c: 3\n");
    EXPECT_EQ(removed("a: 1\n", "b"), "a: 1\n");
    EXPECT_EQ(removed("a: 1\n", "b.c"), "a: 1\n");
}

TEST(EditRemoval, a_comment_above_stays_unless_it_can_belong_to_nothing_else) {
    // It stands with others: a heading, perhaps.
    EXPECT_EQ(removed("a: 1\n\n# about\nb: 2\nc: 3\n", "b"), "a: 1\n\n# about\nc: 3\n");
    EXPECT_EQ(removed("a: 1\n# about\nb: 2\n\nc: 3\n", "b"), "a: 1\n# about\n\nc: 3\n");
    // Alone with its key between blank lines.
    EXPECT_EQ(removed("a: 1\n\n# about\n# it\nb: 2\n\nc: 3\n", "b"), "a: 1\n\n\nc: 3\n");
    EXPECT_EQ(removed("a: 1\n\n# about\nb: 2\n", "b"), "a: 1\n\n");
    EXPECT_EQ(removed("x:\n  a: 1\n\n  # about\n  b: 2\ny: 1\n", "x.b"), "x:\n  a: 1\n\ny: 1\n");
    // Indented differently, or separated from the key, or followed by a comment.
    EXPECT_EQ(removed("a: 1\n\n  # about\nb: 2\n\nc: 3\n", "b"), "a: 1\n\n  # about\n\nc: 3\n");
    EXPECT_EQ(removed("a: 1\n\n# about\n\nb: 2\n\nc: 3\n", "b"), "a: 1\n\n# about\n\n\nc: 3\n");
    EXPECT_EQ(removed("a: 1\n\n# about\nb: 2\n# more\n", "b"), "a: 1\n\n# about\n# more\n");
    // The head of the file, and of the section.
    EXPECT_EQ(removed("# head\na: 1\n\nb: 2\n", "a"), "# head\n\nb: 2\n");
    EXPECT_EQ(removed("x:\n  # head\n  a: 1\n\n  b: 2\n", "x.a"), "x:\n  # head\n\n  b: 2\n");
    // A line of a text is no comment.
    EXPECT_EQ(removed("a: |\n  text\n\n  # text\nb: 1\n", "b"), "a: |\n  text\n\n  # text\n");
    EXPECT_EQ(removed("a: 1\r\n\r\n# about\r\nb: 2\r\n\r\nc: 3\r\n", "b"), "a: 1\r\n\r\n\r\nc: 3\r\n");
}

TEST(EditRemoval, blank_lines_never_become_part_of_a_text_above) {
    EXPECT_EQ(removed("a: |+\n  text\n\nb: 1\n\nc: 2\n", "b"), "a: |+\n  text\n\nc: 2\n");
    EXPECT_EQ(removed("a: |\n  text\nb: 1\n    # inside b\n\nc: 2\n", "b"), "a: |\n  text\n\nc: 2\n");
    EXPECT_EQ(removed("a: |\n  text\nb: 1", "b"), "a: |\n  text\n") << "else the text would lose its end";
}

TEST(EditRemoval, a_section_that_becomes_empty_goes_too_unless_it_has_a_comment) {
    EXPECT_EQ(removed("a:\n  b:\n    c: 1\nd: 1\n", "a.b.c"), "d: 1\n");
    EXPECT_EQ(removed("a:  # mine\n  b:\n    c: 1\nd: 1\n", "a.b.c"), "a: {}  # mine\nd: 1\n");
    EXPECT_EQ(removed("a:\n  # mine\n  b: 1\nd: 1\n", "a.b"), "a: {}\n  # mine\nd: 1\n");
    EXPECT_EQ(removed("a:\n  b: 1\n  # mine\nd: 1\n", "a.b"), "a: {}\n  # mine\nd: 1\n");
    EXPECT_EQ(removed("a:\n  b: 1\n\n# of d\nd: 1\n", "a.b"), "\n# of d\nd: 1\n");
    EXPECT_EQ(removed("a: !replace\n  b: 1\nd: 1\n", "a.b"), "a: !replace {}\nd: 1\n");
    EXPECT_EQ(removed("a: &x\n  b: 1\nd: 1\n", "a.b"), "a: &x {}\nd: 1\n");
    EXPECT_EQ(removed("a: {b: 1}\nd: 1\n", "a.b"), "d: 1\n");
    EXPECT_EQ(removed("a: { # mine\n  b: 1}\nd: 1\n", "a.b"), "a: { # mine\n  }\nd: 1\n");
    EXPECT_EQ(removed("# head\na:\n  b: 1\n", "a.b"), "# head\n");
    EXPECT_EQ(removed("a: 1\n", "a"), "");
    EXPECT_EQ(removed("{a: 1}\n", "a"), "{}\n");
    EXPECT_EQ(removed("---\na: 1\n...\n", "a"), "---\n...\n");
}

TEST(EditRemoval, a_pair_in_braces_takes_one_comma_with_it) {
    EXPECT_EQ(removed("x: {a: 1, b: 2, c: 3}\n", "x.a"), "x: {b: 2, c: 3}\n");
    EXPECT_EQ(removed("x: {a: 1, b: 2, c: 3}\n", "x.b"), "x: {a: 1, c: 3}\n");
    EXPECT_EQ(removed("x: {a: 1, b: 2, c: 3}\n", "x.c"), "x: {a: 1, b: 2}\n");
    EXPECT_EQ(removed("x: {a: 1, b: 2,}\n", "x.b"), "x: {a: 1,}\n");
    EXPECT_EQ(removed("x: {a: 1,}\ny: {b: 1}\n", "x.a"), "y: {b: 1}\n");
    EXPECT_EQ(removed("x: {\n  a: 1, # one\n  b: 2 # two\n}\n", "x.b"), "x: {\n  a: 1 # one # two\n}\n");
    EXPECT_EQ(removed("x: { # first\n  a: 1, b: 2 }\n", "x.a"), "x: { # first\n  b: 2 }\n");
    EXPECT_EQ(removed("x: {a: 1 # one\n  , b: 2}\n", "x.b"), "x: {a: 1 # one\n  }\n");
}

TEST(EditRemoval, json_stays_json) {
    EXPECT_EQ(removed("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "a", "base.json"), "{\n  \"b\": 2\n}\n");
    EXPECT_EQ(removed("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "b", "base.json"), "{\n  \"a\": 1\n}\n");
    EXPECT_EQ(removed("{\n  \"a\": {\n    \"b\": 2\n  }\n}\n", "a.b", "base.json"), "{\n}\n");
    EXPECT_EQ(removed("{\"a\":1,\"b\":2}", "a", "base.json"), "{\"b\":2}");
}

}  // namespace
}  // namespace quantconf::format
