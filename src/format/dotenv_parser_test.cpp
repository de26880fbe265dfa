#include <gtest/gtest.h>

#include "format/test_support.hpp"

namespace quantconf::format {
namespace {

using testing::file;
using testing::found;
using testing::Texts;

/// "A=x|B=y".
std::string entries(std::string_view text) {
    std::string result;
    for (const DotenvEntry& entry : parse_dotenv(file(text)).entries) {
        result += fmt::format("{}{}={}", result.empty() ? "" : "|", entry.name, entry.value);
    }
    return result;
}

Texts problems(std::string_view text) {
    return found(parse_dotenv(file(text)).diagnostics);
}

TEST(Dotenv, names_and_values_stand_on_lines) {
    EXPECT_EQ(
        entries("A=x\nexport B=y z\n\n# comment\n  C=1  # tail\r\nD=\nE=a#b\nF= # nothing\nexport=1\n_g9=#x"),
        "A=x|B=y z|C=1|D=|E=a#b|F=|export=1|_g9=#x");
}

TEST(Dotenv, single_quotes_are_verbatim) {
    EXPECT_EQ(entries("A='x \\n $B \"y\" # z'\nB=''  # c\n"), "A=x \\n $B \"y\" # z|B=");
}

TEST(Dotenv, double_quotes_know_six_escapes) {
    EXPECT_EQ(entries("A=\"a\\nb\\tc\\rd\\\"e\\\\f\\$g # h\"\n"), "A=a\nb\tc\rd\"e\\f$g # h");
    EXPECT_EQ(problems("A=\"\\x41\"\n"), Texts{"QC1126 1:4"});
}

TEST(Dotenv, nothing_is_expanded) {
    EXPECT_EQ(entries("A=$HOME ${X} `id` $(id)\nB=\"$HOME\"\n"), "A=$HOME ${X} `id` $(id)|B=$HOME");
}

TEST(Dotenv, places_are_byte_offsets) {
    const std::string_view text = "\xEF\xBB\xBF# \u00e9\nexport A='x y' # c\nB=  \n";
    const ParsedDotenv parsed = parse_dotenv(file(text));

    ASSERT_EQ(parsed.entries.size(), 2U);
    const auto slice = [text](std::uint32_t begin, std::uint32_t end) {
        return text.substr(begin, end - begin);
    };
    EXPECT_EQ(slice(parsed.entries[0].name_begin, parsed.entries[0].name_end), "A");
    EXPECT_EQ(slice(parsed.entries[0].value_begin, parsed.entries[0].value_end), "'x y'");
    EXPECT_EQ(slice(parsed.entries[1].value_begin, parsed.entries[1].value_end), "");
}

TEST(Dotenv, a_name_that_stands_twice_is_an_error_at_both_places) {
    const ParsedDotenv parsed = parse_dotenv(file("A=1\nB=2\nA=3\n"));

    ASSERT_EQ(found(parsed.diagnostics), Texts{"QC1126 3:1"});
    EXPECT_EQ(parsed.diagnostics[0].related[0].origin.position(), (Position{1, 1}));
}

TEST(Dotenv, what_is_not_a_line_of_ours_is_an_error_where_it_goes_wrong) {
    EXPECT_EQ(problems("A = 1\n"), Texts{"QC1126 1:2"});
    EXPECT_EQ(problems("A= 1\n"), Texts{"QC1126 1:3"});
    EXPECT_EQ(problems("A\n"), Texts{"QC1126 1:2"});
    EXPECT_EQ(problems("9A=1\n"), Texts{"QC1126 1:1"});
    EXPECT_EQ(problems("a-b=1\n"), Texts{"QC1126 1:2"});
    EXPECT_EQ(problems("=1\n"), Texts{"QC1126 1:1"});
    EXPECT_EQ(problems("A='x\n"), Texts{"QC1126 1:3"});
    EXPECT_EQ(problems("A=\"x\n"), Texts{"QC1126 1:3"});
    EXPECT_EQ(problems("A='x'y\n"), Texts{"QC1126 1:6"});
    EXPECT_EQ(problems("A=\"x\"#y\n"), Texts{"QC1126 1:6"});
    EXPECT_EQ(problems("export\nexport A\n"), (Texts{"QC1126 1:7", "QC1126 2:9"}));
}

TEST(Dotenv, every_line_is_reported_in_one_run) {
    const ParsedDotenv parsed = parse_dotenv(file("A = 1\nB=2\n?\nC='\n"));

    EXPECT_EQ(found(parsed.diagnostics), (Texts{"QC1126 1:2", "QC1126 3:1", "QC1126 4:3"}));
    EXPECT_EQ(parsed.entries.size(), 1U);
}

TEST(Dotenv, encoding_is_checked) {
    EXPECT_EQ(problems("A=caf\xe9\n"), Texts{"QC1108 1:6"});
    EXPECT_EQ(problems(std::string_view{"A=\0x\n", 5}), Texts{"QC1109 1:3"});
}

TEST(Dotenv, no_message_and_no_excerpt_shows_a_value) {
    for (const std::string_view text :
         {"hunter2\n", "TOKEN = hunter2\n", "TOKEN= hunter2\n", "TOKEN='hunter2\n", "TOKEN='x'hunter2\n",
          "X=\"hunter2\\q\"\n", "X=hunter2\nX=hunter2\n", "X=hunter2\xe9\n", "X: hunter2\n",
          "-X=hunter2\n"}) {
        const ParsedDotenv parsed = parse_dotenv(file(text));
        EXPECT_TRUE(has_errors(parsed.diagnostics)) << text;
        EXPECT_EQ(testing::rendered(parsed.diagnostics).find("hunter2"), std::string::npos)
            << testing::rendered(parsed.diagnostics);
    }
}

}  // namespace
}  // namespace quantconf::format
