#include "secrets/redact_forms.hpp"

#include <string>

#include <gtest/gtest.h>

namespace quantconf::secrets {
namespace {

TEST(RedactForms, escapes_are_replaced_once) {
    const auto plain = [](std::string_view text) { return in_form(Form::Unescaped, text); };
    EXPECT_EQ(plain(R"(a%2Fb\/c\u002Fd&sol;e&#47;f&#x2F;g\x2Fh)"), "a/b/c/d/e/f/g/h");
    EXPECT_EQ(plain("%252F"), "%2F");
    EXPECT_EQ(plain(R"(\\u002F \\n \" \')"), R"(\u002F \n " ')");
    EXPECT_EQ(plain(R"(\n\t\r\b\f)"), "\n\t\r\b\f");
    EXPECT_EQ(plain(R"(\uD83D\uDD11)"), "\xF0\x9F\x94\x91");
    EXPECT_EQ(plain(R"(\uD83D\u0041)"),
              "\xEF\xBF\xBD"
              "A");
}

TEST(RedactForms, what_is_no_escape_stays) {
    for (const std::string_view text :
         {"%", "%4", "%zz", "\\", "\\q", "\\u12", "\\u12g4", "\\x4", "&", "&;", "&#;", "&#x;", "&#12a;",
          "&nosuch;", "&amp", "&#99999999999;", "a & b; c"}) {
        EXPECT_EQ(in_form(Form::Unescaped, text), text);
    }
}

TEST(RedactForms, blanks_and_the_invisible_are_squeezed_out) {
    EXPECT_EQ(in_form(Form::Squeezed, std::string_view{"a b\t\r\nc\0d\xE2\x80\x8B"
                                                       "e\xC2\xAD"
                                                       "f\xEF\xBB\xBFg",
                                                       21}),
              "abcdefg");
    EXPECT_EQ(in_form(Form::Squeezed, "\xE2\x80\x9C-\xE2\x82\xAC"), "\xE2\x80\x9C-\xE2\x82\xAC");
    EXPECT_EQ(in_form(Form::HexDigits, "0x5A, 0X6b:7C-8d 0x 10"), "5a6b7c8d0x10");
}

TEST(RedactForms, ranges_find_back_to_the_text) {
    const std::string text = R"(<\u0041%42 C>)";
    std::vector<TextRange> ranges{{0, 1}, {1, 3}, {3, 5}};
    map_back(Form::Unescaped, text, ranges);
    ASSERT_EQ(ranges.size(), 3U);
    EXPECT_EQ(text.substr(ranges[0].begin, ranges[0].end - ranges[0].begin), "<");
    EXPECT_EQ(text.substr(ranges[1].begin, ranges[1].end - ranges[1].begin), R"(\u0041%42)");
    EXPECT_EQ(text.substr(ranges[2].begin, ranges[2].end - ranges[2].begin), " C");
}

TEST(RedactForms, a_character_of_several_bytes_is_found_by_any_of_them) {
    const std::string text = R"(a\u00e9b)";
    for (const TextRange part : {TextRange{1, 2}, TextRange{2, 3}, TextRange{1, 3}}) {
        std::vector<TextRange> ranges{part};
        map_back(Form::Unescaped, text, ranges);
        EXPECT_EQ(ranges.front().begin, 1U);
        EXPECT_EQ(ranges.front().end, 7U);
    }
}

}  // namespace
}  // namespace quantconf::secrets
