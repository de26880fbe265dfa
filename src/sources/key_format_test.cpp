#include "sources/key_format.hpp"

#include <gtest/gtest.h>

#include "support/source_answers.hpp"

namespace quantconf::sources::test {
namespace {

using Kind = KeyProblem::Kind;

constexpr std::string_view kGood = "0123456789abcdef0123456789abcdef";

std::vector<Kind> kinds_of(std::string_view key, std::string_view provider = "polygon") {
    std::vector<Kind> kinds;
    for (const KeyProblem& problem : check_key_format(source_named(Catalogue::built_in(), provider), key)) {
        kinds.push_back(problem.kind);
        EXPECT_FALSE(problem.message.empty());
        if (key.size() >= 4) {
            EXPECT_FALSE(problem.message.contains(key)) << problem.message;
        }
    }
    return kinds;
}

TEST(KeyFormat, nothing_is_said_about_a_key_that_may_be_good) {
    for (const std::string_view provider : {"polygon", "fred", "openai"}) {
        EXPECT_TRUE(kinds_of(kGood, provider).empty()) << provider;
    }
    EXPECT_TRUE(kinds_of("sk-proj-A_b-1").empty());
    EXPECT_TRUE(kinds_of("demonstration42").empty());
    EXPECT_TRUE(kinds_of("tokenXYZ").empty());
}

TEST(KeyFormat, blanks_and_line_ends_are_reported_and_not_trimmed) {
    const std::string good{kGood};
    EXPECT_EQ(kinds_of(good + "\n"), std::vector{Kind::LineEnd});
    EXPECT_EQ(kinds_of(good + "\r\n"), std::vector{Kind::LineEnd});
    EXPECT_EQ(kinds_of(" " + good), std::vector{Kind::Blank});
    EXPECT_EQ(kinds_of(good + "\t"), std::vector{Kind::Blank});
    EXPECT_EQ(kinds_of("\xEF\xBB\xBF" + good), std::vector{Kind::ByteOrderMark});
    EXPECT_EQ(kinds_of(good + "\n", "fred"), (std::vector{Kind::LineEnd, Kind::Format}));
}

TEST(KeyFormat, says_where_it_is) {
    const Source& source = source_named(Catalogue::built_in(), "polygon");
    const std::string good{kGood};
    EXPECT_TRUE(check_key_format(source, good + "\r\n")[0].message.contains("at its end"));
    EXPECT_TRUE(check_key_format(source, "\n" + good)[0].message.contains("at its beginning"));
    EXPECT_TRUE(check_key_format(source, "abc\ndefghi")[0].message.contains("inside"));
}

TEST(KeyFormat, what_cannot_be_seen_is_reported) {
    EXPECT_EQ(kinds_of("abcdef\xE2\x80\x8B"), std::vector{Kind::Invisible});
    EXPECT_EQ(kinds_of(std::string_view{"abc\0def", 7}), std::vector{Kind::Invisible});
    EXPECT_EQ(kinds_of("abcdef\xFF"), std::vector{Kind::Invisible});
    EXPECT_EQ(kinds_of("abcd\xD0\xB5"
                       "f"),
              std::vector{Kind::NotAscii});
}

TEST(KeyFormat, placeholders_are_no_keys) {
    for (const std::string_view key :
         {"REPLACE_ME", "replace-me", "demo", "DEMO", "***", "*", "xxxxxxxx", "YOUR_API_KEY", "your-key-here",
          "<YOUR_KEY>", "changeme", "TODO", "none", "${API_KEY}", "SECURE:polygon_key", "abcd***wxyz"}) {
        EXPECT_EQ(kinds_of(key), std::vector{Kind::Placeholder}) << key;
    }
    EXPECT_EQ(kinds_of("\"demo\""), (std::vector{Kind::Quotes, Kind::Placeholder}));
}

TEST(KeyFormat, empty_is_said_to_be_empty) {
    EXPECT_EQ(kinds_of(""), std::vector{Kind::Empty});
    EXPECT_EQ(kinds_of("\"\""), (std::vector{Kind::Quotes, Kind::Empty}));
    EXPECT_EQ(kinds_of("  "), (std::vector{Kind::Blank, Kind::Empty}));
}

TEST(KeyFormat, fred_has_a_format_and_the_others_have_none) {
    EXPECT_EQ(kinds_of("0123456789ABCDEF0123456789ABCDEF", "fred"), std::vector{Kind::Format});
    EXPECT_EQ(kinds_of("0123456789abcdef", "fred"), std::vector{Kind::Format});
    EXPECT_TRUE(kinds_of("0123456789ABCDEF", "gnews").empty());
}

TEST(KeyFormat, a_key_has_at_most_4096_bytes) {
    EXPECT_TRUE(kinds_of(std::string(kKeyBytesMax / 2, 'a') + std::string(kKeyBytesMax / 2, 'b')).empty());
    EXPECT_EQ(kinds_of(std::string(kKeyBytesMax / 2, 'a') + std::string(kKeyBytesMax / 2 + 1, 'b')),
              std::vector{Kind::TooLong});
}

}  // namespace
}  // namespace quantconf::sources::test
