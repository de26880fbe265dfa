#include "schema/suggestions.hpp"

#include <gtest/gtest.h>

#include "schema/test_bot.hpp"

namespace quantconf::schema {
namespace {

TEST(Suggestions, the_exact_name_elsewhere_beats_a_similar_one_here) {
    Field colour;
    colour.name = "colour";
    Field color;
    color.name = "color";
    Field section;
    section.name = "window";
    section.type = Type::Struct;
    section.children = {colour};
    Field root;
    root.type = Type::Struct;
    root.children = {section, color};
    const auto schema = Schema::build(
        root, {.app = "a", .env_prefix = "A", .title = {}, .help = {}, .local_yaml = {}, .rules = {}});
    ASSERT_TRUE(schema.has_value());

    EXPECT_EQ(Suggestions{*schema}.hint("colour", schema->root()), "`colour` exists under window");
    EXPECT_EQ(Suggestions{*schema}.hint("colr", schema->root()), "did you mean color?");
}

TEST(Suggestions, every_section_with_the_name_is_told_up_to_three) {
    const Schema schema = test::bot_schema();
    EXPECT_EQ(Suggestions{schema}.hint("key", schema.root()), "`key` exists under limits.*");
    EXPECT_EQ(Suggestions{schema}.hint("nobody_knows_this", schema.root()), "");
}

TEST(Suggestions, stop_when_nobody_would_read_them) {
    const Schema schema = test::bot_schema();
    Suggestions suggestions{schema};
    std::string last;
    for (int i = 0; i < 1000; ++i) {
        last = suggestions.hint("debuf", schema.root());
    }
    EXPECT_EQ(last, "did you mean debug?");
    EXPECT_EQ(suggestions.hint("debuf", schema.root()), "");
}

}  // namespace
}  // namespace quantconf::schema
