// What a person is told about a text that is not YAML.

#include <gtest/gtest.h>

#include "format/test_support.hpp"

namespace quantconf::format {
namespace {

using testing::rendered;
using testing::yaml;

struct Case {
    std::string_view text;
    Position position;
    std::string_view message;
};

TEST(YamlErrors, each_kind_of_mistake_is_named_where_it_has_to_be_mended) {
    const std::vector<Case> cases{
        {"a: 1\nmax 0.05\nb: 2\n", {2, 1}, "expected `key: value`, found a text without a colon"},
        {"a: @x\n", {1, 4}, "expected a key or value, found a character that cannot begin one"},
        {"a: - x\n", {1, 4}, "expected a value, found a list item"},
        {"a: b: c\n", {1, 5}, "expected the end of the value, found `:`"},
        {"a: 1\n  b: 2\n", {2, 4}, "expected the end of the value, found `:`"},
        {"a:\n  b: 1\n c: 2\n", {3, 2}, "expected the next key, found a text"},
        {"a: 'it's'\n", {1, 8}, "expected the next key, found a text"},
        {"a: \"x\" y\n", {1, 8}, "expected the next key, found a text"},
        {"a:\n  - 1\n  b: 2\n", {3, 3}, "expected the next `- ` of the list, found a text"},
        {"a: [1, 2\n", {2, 1}, "expected `,` or `]`, found the end of the file"},
        {"a: {b: 1\n", {2, 1}, "expected `,` or `}`, found the end of the file"},
        {"a: {b: 1]\n", {1, 9}, "expected `,` or `}`, found `]`"},
        {"a: [1,,2]\n", {1, 7}, "expected a value, found `,`"},
        {"a: \"x\nb: 1\n", {1, 4}, "expected a closing quote, found the end of the file"},
        {"a: 'x\n---\nb: 1\n", {1, 4}, "expected a closing quote, found the end of the document"},
        {"a: \"\\d\"\n", {1, 5}, "expected an escape such as \\n or \\\\, found an unknown one"},
        {"a: \"C:\\users\"\n", {1, 7}, "expected hexadecimal digits in an escape, found something else"},
        {"a: \"\\ud83d\"\n",
         {1, 5},
         "expected the escape of a character, found a surrogate or a number too large"},
        {"a: & x\n", {1, 4}, "expected a name behind &, found something else"},
        {"a: * x\n", {1, 4}, "expected a name behind *, found something else"},
        {"a: |0\n x\n", {1, 5}, "expected a digit from 1 to 9, found 0"},
        {"a: | x\n", {1, 6}, "expected the end of the line behind | or >, found more text"},
        {"{a:1, b:}\n", {1, 8}, "expected a blank behind `:`, found none"},
        {"a: !<x y\n", {1, 4}, "expected one of our operators or no tag, found something that is not a tag"},
    };
    for (const Case& each : cases) {
        const Parsed parsed = yaml(each.text);
        ASSERT_EQ(parsed.diagnostics.size(), 1U) << each.text;
        EXPECT_EQ(parsed.diagnostics[0].origin.position(), each.position) << each.text;
        EXPECT_EQ(parsed.diagnostics[0].message, each.message) << each.text;
        EXPECT_EQ(parsed.document, nullptr) << each.text;
    }
}

TEST(YamlErrors, the_beginning_of_what_is_not_closed_is_shown_as_well) {
    const Parsed parsed = yaml("a: 1\nlist: [1,\n  2\nb: 3\n");

    ASSERT_EQ(parsed.diagnostics.size(), 1U);
    ASSERT_EQ(parsed.diagnostics[0].related.size(), 1U);
    EXPECT_EQ(parsed.diagnostics[0].related[0].message, "the list begins here");
    EXPECT_EQ(parsed.diagnostics[0].related[0].origin.position(), (Position{2, 7}));
}

TEST(YamlErrors, no_message_and_no_excerpt_shows_a_value) {
    const std::vector<std::string_view> texts{
        "password: \"hunter2\n",
        "password: hunter2: x\n",
        "password: @hunter2\n",
        "password: %hunter2\n",
        "password: !hunter2\n",
        "password: *hunter2\n",
        "password: &hunter2\n  &b x\n",
        "password: !<hunter2\n",
        "password: hunter2\xe9\n",
        "password: hunter2\x01\n",
        "password: hunter2\u00a0\nx\n",
        "x: {password: hunter2\n",
        "x: [hunter2, , ]\n",
        "hunter2\n",
        "- hunter2\n- - x\n -x\n",
        "key: |\n  -----BEGIN\n  hunter2\x02\n",
        "a: 1\nb.c: hunter2\n",
        "a: 1\na: hunter2\n",
        "~: hunter2\n",
        "a: {x: hunter2, x: hunter2}\n",
        "a: 1\n<<: hunter2\n",
        "? [hunter2]\n: hunter2\n",
        "note: \"C:\\temp\\hunter2\"\nb: [\n",
        "note: &x hunter2\nb: &x hunter2\nc: [\n",
        "---\na: 1\n--- hunter2\n",
        "a: 1\n... hunter2\n",
    };
    for (const std::string_view text : texts) {
        const Parsed parsed = yaml(text);
        EXPECT_TRUE(has_errors(parsed.diagnostics)) << text;
        EXPECT_EQ(rendered(parsed.diagnostics).find("hunter2"), std::string::npos)
            << rendered(parsed.diagnostics);
    }
}

TEST(YamlErrors, an_excerpt_still_shows_the_key_and_the_caret) {
    EXPECT_EQ(
        rendered(yaml("trading:\n  max_position_size: [0.05\n").diagnostics).substr(0, 200).find("******"),
        std::string::npos);  // The mistake is seen at the end of the file, where nothing stands.
    const std::string text =
        rendered(yaml("trading:\n  max_position_size: 0.05\n  max_position_size: 0.5\n").diagnostics);
    EXPECT_NE(text.find("base.yaml:3:3: error[QC1102]: trading.max_position_size: expected each key once"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("max_position_size: ******"), std::string::npos) << text;
}

}  // namespace
}  // namespace quantconf::format
