#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "format/edit_testing.hpp"

namespace quantconf::format {
namespace {

using testing::edited;
using testing::removed;

TEST(EditRefusal, a_value_from_an_alias_or_a_merge_key) {
    EXPECT_EQ(edited("a: &x 1\nb: *x\n", "b", Value::integer(2)), "QC1711 2:4");
    EXPECT_EQ(removed("a: &x 1\nb: *x\n", "b"), "QC1711 2:4");
    EXPECT_EQ(edited("a: &x {c: 1}\nb: *x\n", "b.c", Value::integer(2)), "QC1711 2:4");
    EXPECT_EQ(edited("a: &x {c: 1}\nb:\n  <<: *x\n  d: 2\n", "b.c", Value::integer(2)), "QC1711 3:3");
    EXPECT_EQ(removed("a: &x {c: 1}\nb:\n  <<: *x\n  d: 2\n", "b.c"), "QC1711 3:3");
    const std::vector<Member> members{{"d", Value::integer(2)}};
    EXPECT_EQ(edited("a: &x {c: 1}\nb:\n  <<: *x\n  d: 2\n", "b", Value::map(members)), "QC1711 3:3");
    EXPECT_EQ(edited("a: &x 1\nb: *x\n", "b", Value::integer(1)), "a: &x 1\nb: *x\n") << "nothing to change";
}

TEST(EditRefusal, keys_beside_a_merge_key_are_free) {
    EXPECT_EQ(edited("a: &x {c: 1}\nb:\n  <<: *x\n  d: 2\n",
                     {{{"b", "d"}, Value::integer(3)}, {{"b", "e"}, Value::integer(4)}}),
              "a: &x {c: 1}\nb:\n  <<: *x\n  d: 3\n  e: 4\n");
    EXPECT_EQ(removed("a: &x {c: 1}\nb:\n  <<: *x\n  d: 2\n", "b.d"), "a: &x {c: 1}\nb:\n  <<: *x\n");
    EXPECT_EQ(removed("a: &x {c: 1}\nb:\n  <<: *x\n  c: 2\n", "b.c"), "QC1717 1:1")
        << "1 would come out from below";
}

TEST(EditRefusal, an_anchor_that_others_refer_to) {
    EXPECT_EQ(edited("a: &x 1\nb: *x\n", "a", Value::integer(2)), "QC1712 1:4");
    EXPECT_EQ(edited("a: &x\n  c: 1\nb: *x\n", "a.c", Value::integer(2)), "QC1712 1:4");
    EXPECT_EQ(removed("a:\n  c: &x 1\nb: *x\n", "a"), "QC1712 2:6");
    EXPECT_EQ(edited("a: [&x 1]\nb: *x\n", "a", Value::integer(2)), "QC1712 1:5");
    EXPECT_EQ(removed("a: &x 1\nb: *x\n", "a"), "QC1712 1:4");
}

TEST(EditRefusal, an_anchor_that_nobody_uses_or_that_goes_with_its_alias_does_no_harm) {
    EXPECT_EQ(edited("a: &x 1 # c\n", "a", Value::integer(2)), "a: &x 2 # c\n");
    EXPECT_EQ(removed("a:\n  c: &x 1\n  d: *x\nb: 1\n", "a"), "b: 1\n");
    EXPECT_EQ(edited("a: &x\nb: 1\n", "a", Value::integer(2)), "a: &x 2\nb: 1\n");
}

TEST(EditRefusal, an_operator) {
    EXPECT_EQ(edited("a: !append [1]\n", "a", Value::integer(2)), "QC1713 1:4");
    EXPECT_EQ(removed("a: !delete\n", "a"), "QC1713 1:4");
    EXPECT_EQ(edited("a: !delete\n", "a.b", Value::integer(2)), "QC1713 1:4");
    EXPECT_EQ(edited("a: !replace {b: 1}\n", "a", Value::integer(2)), "QC1713 1:4");
    EXPECT_EQ(
        edited("a: !replace {b: 1}\n", {{{"a", "b"}, Value::integer(2)}, {{"a", "c"}, Value::integer(3)}}),
        "a: !replace {b: 2, c: 3}\n")
        << "its keys are ordinary keys";
}

TEST(EditRefusal, a_tag_of_a_type_goes_with_the_value) {
    EXPECT_EQ(edited("a: !!str 5 # c\n", "a", Value::integer(6)), "a: 6 # c\n");
    EXPECT_EQ(edited("a: !!null\n", "a", Value::integer(6)), "a: 6\n");
    EXPECT_EQ(edited("a: !!int &x 5\n", "a", Value::integer(6)), "a: 6\n");
    EXPECT_EQ(edited("a: !!seq\n  - 1\n", "a", Value::integer(6)), "QC1717 1:4");
}

TEST(EditRefusal, edits_that_contradict_each_other) {
    const Edit a{.path = {"a"}, .value = Value::integer(1)};
    const Edit inside{.path = {"a", "b"}, .value = Value::integer(1)};
    EXPECT_EQ(edited("a: 0\n", {a, a}), "QC1715 1:1");
    EXPECT_EQ(edited("a: 0\n", {a, inside}), "QC1715 1:1");
    EXPECT_EQ(edited("a: 0\n", {inside, a}), "QC1715 1:1");
}

TEST(EditRefusal, what_no_file_can_hold) {
    EXPECT_EQ(edited("a: 1\n", "a", Value::secret("hunter2", false)), "QC1716 1:1");
    EXPECT_EQ(edited("a: 1\n", "a", Value::invalid(nullptr)), "QC1716 1:1");
    EXPECT_EQ(edited("a: 1\n", "a", Value::text("caf\xe9")), "QC1716 1:1");
    EXPECT_EQ(edited("a: 1\n", "a", Value::text(std::string_view{"a\0b", 3})), "QC1716 1:1");
    EXPECT_EQ(edited("{\"a\": 1}", "a", Value::number(1e300 * 1e300), "base.json"), "QC1716 1:1");
    EXPECT_EQ(edited("a: 1\n", {{.path = {}, .value = Value::integer(1)}}), "QC1716 1:1");
    EXPECT_EQ(edited("a: 1\n", {{.path = {"b.c"}, .value = Value::integer(1)}}), "QC1716 1:1");
    EXPECT_EQ(edited("a: 1\n", {{.path = {""}, .value = Value::integer(1)}}), "QC1716 1:1");
    const std::vector<Member> dotted{{"x.y", Value::integer(1)}};
    EXPECT_EQ(edited("a: 1\n", "a", Value::map(dotted)), "QC1716 1:1");
    EXPECT_EQ(edited("a: \"\"\n", "a", Value::secret("", false)), "a: \"\"\n") << "no secret is no secret";
}

TEST(EditRefusal, paths_have_a_greatest_depth) {
    std::vector<std::string> path(limits::kDepth, "a");
    EXPECT_TRUE(
        edited("b: 1\n", {{.path = path, .value = Value::integer(1)}}).starts_with("b: 1\na:\n  a:\n"));
    path.emplace_back("a");
    EXPECT_EQ(edited("b: 1\n", {{.path = path, .value = Value::integer(1)}}), "QC1716 1:1");
}

TEST(EditRefusal, a_file_that_does_not_parse) {
    EXPECT_EQ(edited("a: [\n", "a", Value::integer(1)), testing::problems("a: [\n")[0]);
    EXPECT_EQ(edited("a: 1\na: 2\n", "a", Value::integer(1)), "QC1102 2:1");
    EXPECT_EQ(edited("", "a", Value::integer(1), "base.json"), "QC1123 1:1");
}

TEST(EditRefusal, a_result_that_would_be_wrong) {
    EXPECT_EQ(edited("limit: 1\n", "Limit", Value::integer(1)), "QC1717 1:1");
    EXPECT_EQ(edited("a: |\n  text", "b", Value::integer(1)), "QC1717 1:1");
    const std::string large = "# " + std::string(limits::kFileBytes - 9, 'x') + "\na: 1\n";
    ASSERT_EQ(large.size(), limits::kFileBytes - 1);
    EXPECT_EQ(edited(large, "a", Value::integer(12)).size(), limits::kFileBytes);
    EXPECT_EQ(edited(large, "a", Value::integer(123)), "QC1717 1:1");
}

TEST(EditRefusal, no_value_of_the_file_is_shown) {
    const auto source = testing::file("password: &x hunter2\nother: *x\n");
    const auto result = edit(source, std::vector<Edit>{{.path = {"password"}, .value = Value::text("y")}});
    ASSERT_FALSE(result);
    const std::string text = testing::rendered(result.error());
    EXPECT_FALSE(text.contains("hunter2")) << text;
    EXPECT_TRUE(text.contains("base.yaml:1:11")) << text;
    EXPECT_TRUE(text.contains("hint: ")) << text;
}

}  // namespace
}  // namespace quantconf::format
