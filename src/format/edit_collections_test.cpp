#include <gtest/gtest.h>

#include "format/edit_testing.hpp"

namespace quantconf::format {
namespace {

using testing::edited;

const std::vector<Value> kWords{Value::text("x"), Value::text("z")};
const std::vector<Value> kNumbers{Value::integer(1), Value::integer(2), Value::integer(3)};
const std::vector<Member> kLimits{{"per_minute", Value::integer(30)}, {"plan", Value::text("free")}};
const std::vector<Value> kMaps{Value::map(kLimits), Value::map(kLimits)};

TEST(EditCollections, a_list_stays_in_the_style_it_was_written_in) {
    EXPECT_EQ(edited("a: [u, v, w] # c\n", "a", Value::list(kWords)), "a: [x, z] # c\n");
    EXPECT_EQ(edited("a:\n  - u # first\n  - v\n  - w\nb: 1\n", "a", Value::list(kWords)),
              "a:\n  - x # first\n  - z\nb: 1\n");
    EXPECT_EQ(edited("a:\n- u\nb: 1\n", "a", Value::list(kWords)), "a:\n- x\n- z\nb: 1\n");
    EXPECT_EQ(edited("a: [\n  u, # first\n  v\n]\n", "a", Value::list(kNumbers)),
              "a: [\n  1, # first\n  2,\n  3\n]\n");
}

TEST(EditCollections, items_that_stay_keep_their_comments) {
    EXPECT_EQ(edited("a:\n  - 1 # one\n  # about two\n  - 2 # two\n", "a", Value::list(kNumbers)),
              "a:\n  - 1 # one\n  # about two\n  - 2 # two\n  - 3\n");
    EXPECT_EQ(edited("a:\n  - 1 # one\n  - 3 # three\n", "a", Value::list(kNumbers)),
              "a:\n  - 1 # one\n  - 2\n  - 3 # three\n");
    EXPECT_EQ(edited("a:\n  - 2 # two\n  - 3 # three\n", "a", Value::list(kNumbers)),
              "a:\n  - 1\n  - 2 # two\n  - 3 # three\n");
    EXPECT_EQ(edited("a: [2, 3]\n", "a", Value::list(kNumbers)), "a: [1, 2, 3]\n");
    EXPECT_EQ(edited("a: [1, 3]\n", "a", Value::list(kNumbers)), "a: [1, 2, 3]\n");
    EXPECT_EQ(edited("a: [1, 0, 2, 3]\n", "a", Value::list(kNumbers)), "a: [1, 2, 3]\n");
    EXPECT_EQ(edited("a: [1, 2,]\n", "a", Value::list(kNumbers)), "a: [1, 2, 3,]\n");
    EXPECT_EQ(edited("a: []\n", "a", Value::list(kNumbers)), "a: [1, 2, 3]\n");
}

TEST(EditCollections, lists_become_empty_and_full) {
    EXPECT_EQ(edited("a:  # c\n  - 1\n  - 2\nb: 1\n", "a", Value::list({})), "a: []  # c\nb: 1\n");
    EXPECT_EQ(edited("a: [1, 2]\n", "a", Value::list({})), "a: []\n");
    EXPECT_EQ(edited("a: 5 # c\n", "a", Value::list(kWords)), "a: [x, z] # c\n");
    EXPECT_EQ(edited("a:\nb: 1\n", "a", Value::list(kMaps)),
              "a:\n  - per_minute: 30\n    plan: free\n  - per_minute: 30\n    plan: free\nb: 1\n");
    EXPECT_EQ(edited("b: 1\n", "a", Value::list(kWords)), "b: 1\na: [x, z]\n");
}

TEST(EditCollections, long_lists_stand_on_lines_of_their_own) {
    const std::vector<Value> words(9, Value::text("a_long_word"));
    std::string expected = "a:\n";
    for (std::size_t i = 0; i < words.size(); ++i) {
        expected += "  - a_long_word\n";
    }
    EXPECT_EQ(edited("", "a", Value::list(words)), expected);
}

TEST(EditCollections, a_list_of_maps_changes_where_it_differs) {
    EXPECT_EQ(
        edited("a:\n  - plan: free # yes\n    per_minute: 5\n  - plan: free\n    per_minute: 30 # c\nb: 1\n",
               "a", Value::list(kMaps)),
        "a:\n  - plan: free # yes\n    per_minute: 30\n  - plan: free\n    per_minute: 30 # c\nb: 1\n");
    EXPECT_EQ(edited("a:\n  - plan: free\nb: 1\n", "a", Value::list(kMaps)),
              "a:\n  - plan: free\n    per_minute: 30\n  - per_minute: 30\n    plan: free\nb: 1\n");
    EXPECT_EQ(
        edited("a:\n  - other: free\n    plan: free\nb: 1\n", "a", Value::list(std::span{kMaps}.first(1))),
        "a:\n  - per_minute: 30\n    plan: free\nb: 1\n");
    EXPECT_EQ(edited("a:\n  -\n  - 5 # c\n", "a", Value::list(kMaps)),
              "a:\n  - per_minute: 30\n    plan: free\n  - per_minute: 30\n    plan: free # c\n");
    EXPECT_EQ(edited("a: [b: 1, 2]\n", "a", Value::list(kMaps)),
              "a: [{per_minute: 30, plan: free}, {per_minute: 30, plan: free}]\n");
    EXPECT_EQ(edited("a:\n  - - 1\n    - 2\n", "a", Value::list(kMaps)),
              "a:\n  - per_minute: 30\n    plan: free\n  - per_minute: 30\n    plan: free\n");
}

TEST(EditCollections, a_map_is_changed_key_by_key) {
    EXPECT_EQ(edited("r:\n  polygon:\n    plan: paid # c\n    old: 1\n    per_minute: 30\n  x: 1\n",
                     "r.polygon", Value::map(kLimits)),
              "r:\n  polygon:\n    plan: free # c\n    per_minute: 30\n  x: 1\n");
    EXPECT_EQ(edited("r:\n  x: 1\n", "r.polygon", Value::map(kLimits)),
              "r:\n  x: 1\n  polygon:\n    per_minute: 30\n    plan: free\n");
    EXPECT_EQ(edited("r: {x: {plan: a}}\n", "r.x", Value::map(kLimits)),
              "r: {x: {plan: free, per_minute: 30}}\n");
    EXPECT_EQ(edited("r: 5 # c\n", "r", Value::map(kLimits)), "r: # c\n  per_minute: 30\n  plan: free\n");
    EXPECT_EQ(edited("r:\n  x: 1\n  # c\ny: 1\n", "r", Value::map({})), "r: {}\n  # c\ny: 1\n");
}

TEST(EditCollections, shapes_may_change) {
    EXPECT_EQ(edited("a:\n  b: 1\n  c: 2\nd: 1\n", "a", Value::integer(5)), "a: 5\nd: 1\n");
    EXPECT_EQ(edited("a: # c\n  - 1\nd: 1\n", "a", Value::text("x")), "a: x # c\nd: 1\n");
    EXPECT_EQ(edited("a:\n- 1\n- 2\nd: 1\n", "a", Value::map(kLimits)),
              "a:\n  per_minute: 30\n  plan: free\nd: 1\n");
    EXPECT_EQ(edited("a:\n  b: 1\nd: 1\n", "a", Value::list(kWords)), "a:\n  - x\n  - z\nd: 1\n");
    EXPECT_EQ(edited("a: {b: 1}\n", "a", Value::integer(5)), "a: 5\n");
    EXPECT_EQ(edited("a: [1]\n", "a", Value::map(kLimits)), "a: {per_minute: 30, plan: free}\n");
    EXPECT_EQ(edited("a: | # c\n  text\nb: 1\n", "a", Value::integer(5)), "a: 5 # c\nb: 1\n");
    EXPECT_EQ(edited("a:\n  b: 1\nd: 1\n", "a", Value::absent()), "a: null\nd: 1\n");
}

TEST(EditCollections, keys_in_braces_are_added_in_braces) {
    EXPECT_EQ(edited("x: {a: 1}\n", "x.b.c", Value::text("d, e")), "x: {a: 1, b: {c: \"d, e\"}}\n");
    EXPECT_EQ(edited("x: {a: 1,}\n", "x.b", Value::integer(2)), "x: {a: 1, b: 2,}\n");
    EXPECT_EQ(edited("x: {\n  a: 1, # one\n  b: 2 # two\n}\n", "x.c", Value::integer(3)),
              "x: {\n  a: 1, # one\n  b: 2, # two\n  c: 3\n}\n");
    EXPECT_EQ(
        edited("x: {a: 1, b: 2}\n",
               {{{"x", "a"}, std::nullopt}, {{"x", "b"}, std::nullopt}, {{"x", "c"}, Value::integer(3)}}),
        "x: {c: 3}\n");
    EXPECT_EQ(edited("x: {a: 1, b: 2}\n", {{{"x", "b"}, std::nullopt}, {{"x", "c"}, Value::integer(3)}}),
              "x: {a: 1, c: 3}\n");
}

TEST(EditCollections, json_stays_json) {
    EXPECT_EQ(edited("{\n  \"a\": 1\n}\n", "b.c", Value::text("x"), "base.json"),
              "{\n  \"a\": 1,\n  \"b\": {\"c\": \"x\"}\n}\n");
    EXPECT_EQ(edited("{\"a\":1}", "b", Value::list(kNumbers), "base.json"), "{\"a\":1,\"b\":[1,2,3]}");
    EXPECT_EQ(edited("{\"a\": [1, 2]}", "a", Value::list(kNumbers), "base.json"), "{\"a\": [1, 2, 3]}");
    EXPECT_EQ(edited("{}", "a", Value::number(1.5), "base.json"), "{\"a\": 1.5}");
    EXPECT_EQ(edited("{\"a\": \"5s\"}", "a", Value::duration(std::chrono::minutes{1}), "base.json"),
              "{\"a\": \"1m\"}");
    EXPECT_EQ(edited("{\"a\": {\"b\": 1}}", "a.b", Value::text("\u2028\t\"\\"), "base.json"),
              "{\"a\": {\"b\": \"\\u2028\\t\\\"\\\\\"}}");
}

}  // namespace
}  // namespace quantconf::format
