#include <gtest/gtest.h>

#include "history/leaves.hpp"
#include "history/shown_text.hpp"

namespace quantconf::history {
namespace {

TEST(ShownText, is_cut_between_two_characters_and_says_so) {
    EXPECT_EQ(shown_text("abcdef", 6), "abcdef");
    EXPECT_EQ(shown_text("abcdefg", 6), "abc...");
    EXPECT_EQ(shown_text("ab\xc3\xa4"
                         "efg",
                         6),
              "ab...");
    EXPECT_EQ(shown_text("\n\n\n\n", 6), "\\n\\...");
    EXPECT_EQ(shown_text(shown_text("a\x1b\xff", 100), 100), R"(a\x1b\xff)") << "twice changes nothing";
    EXPECT_EQ(shown_line("one\r\ntwo", 100), "one");
}

TEST(CountChanges, are_leaves_that_are_new_gone_or_different) {
    EXPECT_EQ(count_changes(R"({})", R"({})"), 0U);
    EXPECT_EQ(count_changes(R"({"a":1})", R"({"a":1})"), 0U);
    EXPECT_EQ(count_changes(R"({"a":1})", R"({"a":2})"), 1U);
    EXPECT_EQ(count_changes(R"({"a":1})", R"({"b":1})"), 2U);
    EXPECT_EQ(count_changes(R"({"a":{"b":1,"c":2},"d":3})", R"({"a":{"b":1,"c":3},"d":4})"), 2U);
    EXPECT_EQ(count_changes(R"({"a":[1,{"b":2}]})", R"({"a":[1,{"b":3}]})"), 1U) << "a list is one leaf";
    EXPECT_EQ(count_changes(R"({"a":{}})", R"({"a":{"b":1}})"), 2U);
    EXPECT_EQ(count_changes(R"({"a":"x\",}"})", R"({"a":"x\",]"})"), 1U);
    EXPECT_EQ(count_changes(R"({"a.b":1})", R"({"a":{"b":1}})"), 2U) << "a key with a point is not a path";
}

TEST(CountChanges, any_bytes_are_safe) {
    const std::string deep = std::string(100'000, '{');
    std::string nested;
    for (int i = 0; i < 1'000; ++i) {
        nested += R"({"a":)";
    }
    for (const std::string& text :
         {std::string{}, deep, nested, std::string{R"({"a)"}, std::string{R"({"a")"}, std::string{R"({"a":)"},
          std::string{R"({"a":1)"}, std::string{R"({"a":"\)"}, std::string{R"({"a":]]})"},
          std::string{R"({"a":[}]})"}, std::string{"[]"}, std::string{R"({"a":1}x)"}}) {
        EXPECT_EQ(count_changes(text, R"({"a":1})"), 1U) << text.substr(0, 20);
        EXPECT_EQ(count_changes(R"({"a":1})", text), 1U) << text.substr(0, 20);
    }
}

}  // namespace
}  // namespace quantconf::history
