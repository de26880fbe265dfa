#include "format/edit_check.hpp"

#include <gtest/gtest.h>

#include "format/edit_testing.hpp"

namespace quantconf::format {
namespace {

/// Whether `now` is `old` with these edits.
bool holds(std::string_view old, std::string_view now, const std::vector<Edit>& edits) {
    const auto source = testing::file(old);
    const Parsed before = parse_yaml(source);
    const Parsed after = testing::yaml(now);
    Report report{source};
    Wish wishes;
    EXPECT_TRUE(read_wishes(edits, Syntax::Yaml, wishes, report));
    return is_as_wished(before.document->root, after.document->root, wishes);
}

TEST(EditCheck, nothing_else_may_change) {
    const std::vector<Edit> edits{{{"a", "b"}, Value::integer(2)}};
    EXPECT_TRUE(holds("a: {b: 1, c: 1}\nd: 1\n", "a: {b: 2, c: 1}\nd: 1\n", edits));
    EXPECT_FALSE(holds("a: {b: 1, c: 1}\nd: 1\n", "a: {b: 3, c: 1}\nd: 1\n", edits)) << "another value";
    EXPECT_FALSE(holds("a: {b: 1, c: 1}\nd: 1\n", "a: {b: '2', c: 1}\nd: 1\n", edits)) << "another type";
    EXPECT_FALSE(holds("a: {b: 1, c: 1}\nd: 1\n", "a: {b: 2, c: 2}\nd: 1\n", edits)) << "another key";
    EXPECT_FALSE(holds("a: {b: 1, c: 1}\nd: 1\n", "a: {b: 2, c: 1}\nd: '1'\n", edits)) << "another style";
    EXPECT_FALSE(holds("a: {b: 1, c: 1}\nd: 1\n", "a: {b: 2}\nd: 1\n", edits)) << "a lost key";
    EXPECT_FALSE(holds("a: {b: 1, c: 1}\nd: 1\n", "a: {b: 2, c: 1}\n", edits)) << "a lost key above";
    EXPECT_FALSE(holds("a: {b: 1, c: 1}\nd: 1\n", "a: {b: 2, c: 1, e: 1}\nd: 1\n", edits)) << "a new key";
    EXPECT_FALSE(holds("a: {b: 1, c: 1}\nd: 1\n", "d: 1\na: {b: 2, c: 1}\n", edits)) << "another order";
    EXPECT_FALSE(holds("a: {b: 1, c: [1]}\n", "a: {b: 2, c: [1, 2]}\n", edits)) << "a longer list";
    EXPECT_FALSE(holds("a: !replace {b: 1}\n", "a: {b: 2}\n", edits)) << "a lost operator";
    EXPECT_FALSE(holds("a: {b: 1}\n", "a: {b: !append [2]}\n", edits)) << "an operator";
}

TEST(EditCheck, what_is_removed_is_gone_and_sections_only_when_they_are_empty) {
    const std::vector<Edit> edits{{{"a", "b"}, std::nullopt}};
    EXPECT_TRUE(holds("a: {b: 1}\nd: 1\n", "d: 1\n", edits));
    EXPECT_TRUE(holds("a: {b: 1}\nd: 1\n", "a: {}\nd: 1\n", edits));
    EXPECT_TRUE(holds("d: 1\n", "d: 1\n", edits));
    EXPECT_FALSE(holds("a: {b: 1}\nd: 1\n", "a:\nd: 1\n", edits)) << "null is no section";
    EXPECT_FALSE(holds("a: {b: 1}\nd: 1\n", "a: {b: 1}\nd: 1\n", edits));
    EXPECT_FALSE(holds("a: {b: 1, c: 1}\nd: 1\n", "d: 1\n", edits)) << "a section that had another key";
    EXPECT_FALSE(holds("d: 1\n", "d: 1\na: {}\n", edits)) << "a section for nothing";
}

TEST(EditCheck, what_is_added_is_there_once_and_complete) {
    const std::vector<Edit> edits{{{"a", "b"}, Value::integer(2)}, {{"c"}, Value::text("x")}};
    EXPECT_TRUE(holds("d: 1\n", "d: 1\na: {b: 2}\nc: x\n", edits));
    EXPECT_TRUE(holds("d: 1\na:\n", "d: 1\na: {b: 2}\nc: x\n", edits));
    EXPECT_FALSE(holds("d: 1\n", "d: 1\na: {b: 2}\n", edits));
    EXPECT_FALSE(holds("d: 1\n", "d: 1\na: {b: 2, e: 1}\nc: x\n", edits));
}

}  // namespace
}  // namespace quantconf::format
