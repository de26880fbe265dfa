#include "base/text.hpp"

#include <array>

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace quantconf {
namespace {

using Words = std::vector<std::string>;

TEST(Text, edit_distance_counts_single_changes_and_ignores_case) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("abc", ""), 3U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("host", "HOST"), 0U);
    EXPECT_EQ(edit_distance("positon", "position"), 1U);
    EXPECT_EQ(edit_distance("hsot", "host"), 1U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("ca", "abc"), 3U);  // Optimal string alignment; the unrestricted distance is 2.
}

TEST(Text, nearest_gives_the_best_three_in_a_stable_order) {
    const Words candidates = {"hosts", "port", "host", "ghost", "most"};
    EXPECT_EQ(nearest("hosst", candidates), (Words{"hosts", "host"}));
    EXPECT_EQ(nearest("hos", candidates), (Words{"host"}));
    const Words equal = {"aaab", "aaac", "aaad", "aaae", "aaab"};
    EXPECT_EQ(nearest("aaaa", equal), (Words{"aaab", "aaac", "aaad"}));
    const Words repeated = {"aaab", "aaab"};
    EXPECT_EQ(nearest("aaaa", repeated), (Words{"aaab"}));
}

TEST(Text, nearest_allows_a_third_of_the_word_but_at_least_one_change) {
    const Words candidates = {"ab", "abcdef"};
    EXPECT_EQ(nearest("a", candidates), (Words{"ab"}));
    EXPECT_EQ(nearest("abcdxx", candidates), (Words{"abcdef"}));
    EXPECT_EQ(nearest("abcxxx", candidates), Words{});
    EXPECT_EQ(nearest("", candidates), Words{});
}

TEST(Text, joins_words_as_a_person_does) {
    EXPECT_EQ(join_or(Words{}), "");
    EXPECT_EQ(join_or(Words{"a"}), "a");
    EXPECT_EQ(join_or(Words{"a", "b"}), "a or b");
    EXPECT_EQ(join_or(Words{"a", "b", "c"}), "a, b or c");
    EXPECT_EQ(did_you_mean(Words{"a", "b"}), "did you mean a or b?");
    EXPECT_EQ(did_you_mean(Words{}), "");
}

TEST(Text, a_list_that_nobody_would_read_to_its_end_is_cut) {
    std::vector<std::string> words(100, "a");
    EXPECT_TRUE(join_or(words).ends_with(", a or a"));
    words.emplace_back("b");
    EXPECT_TRUE(join_or(words).ends_with(", a or one of 1 more"));
}

TEST(Text, changes_the_case_of_ascii_letters_only) {
    EXPECT_EQ(ascii_lower("AbZ_1É"), "abz_1É");
    EXPECT_EQ(ascii_upper("aBz_1é"), "ABZ_1é");
}

TEST(Text, quotes_escapes_and_cuts) {
    EXPECT_EQ(quoted("abc"), "\"abc\"");
    EXPECT_EQ(quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
    EXPECT_EQ(quoted("a\n\x1b[31m"), "\"a\\n\\x1b[31m\"");
    std::string sixty;
    for (int i = 0; i < 60; ++i) {
        sixty += "é";
    }
    EXPECT_EQ(quoted(sixty), "\"" + sixty + "\"");
    EXPECT_EQ(quoted(sixty + "x"), "\"" + sixty + "\"…");
}

TEST(Utf8, refuses_what_is_not_shortest_or_not_a_character) {
    for (const std::string_view bad :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\xFF"}) {
        const Character character = character_at(bad, 0);
        EXPECT_FALSE(character.is_valid);
        EXPECT_EQ(character.length, 1U);
    }
    EXPECT_EQ(character_at("", 0).length, 0U);
}

TEST(Utf8, reads_back_what_it_wrote) {
    for (const char32_t code_point :
         std::array<char32_t, 8>{0x00, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF}) {
        std::string text;
        append_utf8(text, code_point);
        const Character character = character_at(text, 0);
        EXPECT_TRUE(character.is_valid);
        EXPECT_EQ(character.code_point, code_point);
        EXPECT_EQ(character.length, text.size());
    }
}

TEST(Utf8, escapes_what_a_terminal_would_obey_or_not_show) {
    EXPECT_EQ(escaped("plain é €"), "plain é €");
    EXPECT_EQ(escaped("\x1b]0;x\a"), "\\x1b]0;x\\x07");
    EXPECT_EQ(escaped("a\tb\r\n"), "a\\tb\\r\\n");
    EXPECT_EQ(escaped("\xC2\x9B"
                      "31m"),
              "\\u009b31m");  // C1: a one-byte CSI in some terminals.
    EXPECT_EQ(escaped("a\xE2\x80\xAE"
                      "b"),
              "a\\u202eb");                           // Right-to-left override.
    EXPECT_EQ(escaped("a\xE2\x80\x8B"), "a\\u200b");  // Zero width space.
    EXPECT_EQ(escaped("caf\xE9"), "caf\\xe9");        // Latin-1.
    EXPECT_EQ(escaped(std::string_view{"\0", 1}), "\\x00");
}

}  // namespace
}  // namespace quantconf
