#include "value/node.hpp"

#include <array>

#include <gtest/gtest.h>

namespace quantconf::value {
namespace {

Node plain(std::string_view text) {
    return scalar_node(text, Style::Plain, nullptr, 0, 0);
}

TEST(Node, null_is_plain_and_spelled_in_one_of_five_ways) {
    for (const auto* text : {"", "~", "null", "Null", "NULL"}) {
        EXPECT_TRUE(plain(text).is_null()) << text;
        EXPECT_FALSE(scalar_node(text, Style::DoubleQuoted, nullptr, 0, 0).is_null()) << text;
        EXPECT_FALSE(scalar_node(text, Style::Verbatim, nullptr, 0, 0).is_null()) << text;
    }
    for (const auto* text : {"nULL", "none", "nil", "0", " "}) {
        EXPECT_FALSE(plain(text).is_null()) << text;
    }
    EXPECT_FALSE(list_node({}, nullptr, 0, 0).is_null());
}

TEST(Node, finds_its_entries_by_name) {
    Entry entry;
    entry.key_text = "port";
    entry.key_size = 4;
    entry.value = plain("5432");
    const std::array entries{entry};
    const Node node = map_node(entries, nullptr, 0, 0);

    ASSERT_NE(node.find("port"), nullptr);
    EXPECT_EQ(node.find("port")->value.scalar(), "5432");
    EXPECT_EQ(node.find("Port"), nullptr);
    EXPECT_EQ(plain("port").find("port"), nullptr);
}

TEST(Node, knows_where_it_was_written) {
    const auto source = Source::make(Source::Kind::File, "base", "base.yaml", "a: 1\nbc: 23\n");
    const Origin origin = scalar_node("23", Style::Plain, source.get(), 9, 11).origin();

    EXPECT_EQ(origin.source, source);
    EXPECT_EQ(origin.position(), (Position{.line = 2, .column = 5}));
    EXPECT_EQ(plain("x").origin().source, nullptr);
}

TEST(Node, only_some_styles_are_quotes) {
    EXPECT_FALSE(plain("x").is_quoted());
    EXPECT_FALSE(scalar_node("x", Style::Verbatim, nullptr, 0, 0).is_quoted());
    EXPECT_TRUE(scalar_node("x", Style::SingleQuoted, nullptr, 0, 0).is_quoted());
    EXPECT_TRUE(scalar_node("x", Style::Literal, nullptr, 0, 0).is_quoted());
}

}  // namespace
}  // namespace quantconf::value
