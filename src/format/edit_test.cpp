#include "format/edit.hpp"

#include <chrono>
#include <fstream>
#include <limits>
#include <sstream>

#include <gtest/gtest.h>

#include "format/edit_testing.hpp"
#include "support/thread_time.hpp"

namespace quantconf::format {
namespace {

using namespace std::chrono_literals;
using testing::edited;
using testing::path_of;

std::string example(const std::string& name) {
    std::ifstream file{std::string{QUANTCONF_SOURCE_DIR} + "/examples/config/" + name, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string replaced_once(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(Edit, a_value_changes_and_every_other_byte_stays) {
    EXPECT_EQ(edited("# top\n\ntrading:\n  max_position_size: 0.05   # of the portfolio\n  fee: 1\n",
                     "trading.max_position_size", Value::number(0.1)),
              "# top\n\ntrading:\n  max_position_size: 0.1   # of the portfolio\n  fee: 1\n");
}

TEST(Edit, the_example_files_keep_their_comments) {
    const std::string base = example("base.yaml");
    EXPECT_EQ(edited(base, "trading.max_position_size", Value::number(0.02)),
              replaced_once(base, "max_position_size: 0.01", "max_position_size: 0.02"));
    EXPECT_EQ(edited(base, "app_version", Value::text("1.10.0")),
              replaced_once(base, "app_version: 1.0.0", "app_version: 1.10.0"));
    EXPECT_EQ(
        edited(base, "data_sources.rate_limits.finnhub.backoff_factor", Value::number(2)),
        replaced_once(base, "      max_retries: 3\n", "      max_retries: 3\n      backoff_factor: 2.0\n"));
    EXPECT_EQ(edited(base, "data_sources.rate_limits.newsapi.requests_per_minute", Value::integer(5)),
              replaced_once(base, "      max_retries: 3\n",
                            "      max_retries: 3\n    newsapi:\n      requests_per_minute: 5\n"));
    const std::string production = example("production.yaml");
    EXPECT_EQ(edited(production, "debug", std::nullopt), replaced_once(production, "debug: false\n", ""));
}

TEST(Edit, the_style_stays_where_the_new_value_allows_it) {
    EXPECT_EQ(edited("a: \"x\" # c\n", "a", Value::text("y")), "a: \"y\" # c\n");
    EXPECT_EQ(edited("a: 'x'\n", "a", Value::text("it's")), "a: 'it''s'\n");
    EXPECT_EQ(edited("a: 'x'\n", "a", Value::text("two\nlines")), "a: \"two\\nlines\"\n");
    EXPECT_EQ(edited("a: x\n", "a", Value::text("y z")), "a: y z\n");
    EXPECT_EQ(edited("a: \"5\"\n", "a", Value::integer(6)), "a: 6\n");
    EXPECT_EQ(edited("a: \"30s\"\n", "a", Value::duration(90s)), "a: \"1m30s\"\n");
    EXPECT_EQ(edited("a: 30s\n", "a", Value::duration(250ms)), "a: 250ms\n");
    EXPECT_EQ(edited("a: 64MiB\n", "a", Value::size({1024})), "a: 1KiB\n");
    EXPECT_EQ(edited("a: \"SECURE:x\"\n", "a", Value::secret("SECURE:y@3", true)), "a: \"SECURE:y@3\"\n");
}

TEST(Edit, a_number_that_stood_without_a_point_goes_on_without) {
    EXPECT_EQ(edited("a: 100\n", "a", Value::number(200)), "a: 200\n");
    EXPECT_EQ(edited("a: 100\n", "a", Value::number(0.5)), "a: 0.5\n");
    EXPECT_EQ(edited("a: 100.0\n", "a", Value::number(200)), "a: 200.0\n");
    EXPECT_EQ(edited("a: 1\n", "a", Value::number(1e300)), "a: 1.0e+300\n");
    EXPECT_EQ(edited("a: 1\n", "a", Value::number(-0.0)), "a: -0.0\n");
    EXPECT_EQ(edited("a: 1\n", "a", Value::number(9007199254740994.0)), "a: 9007199254740994.0\n");
    EXPECT_EQ(edited("a: 1\n", "a", Value::unsigned_integer(std::numeric_limits<std::uint64_t>::max())),
              "a: 18446744073709551615\n");
    EXPECT_EQ(edited("a: 1.0\n", "a", Value::number(std::numeric_limits<double>::infinity())), "a: .inf\n");
}

TEST(Edit, the_present_value_changes_nothing_however_it_is_spelled) {
    const std::string text =
        "a: 1_000\nb: 0x10\nc: 5e-2\nd: True\ne: $${x}\nf: SECURE::x\ng: 90s\nh: [1,  2] # c\ni: ~\nj: 1.0\n"
        "k: {y: 1, x: 'a'}\nl: 1\nm: 'SECURE:key'\nn:\n";
    const std::vector<Value> list{Value::integer(1), Value::integer(2)};
    const std::vector<Member> map{{"x", Value::text("a")}, {"y", Value::integer(1)}};
    EXPECT_EQ(edited(text, {{{"a"}, Value::integer(1000)},
                            {{"b"}, Value::integer(16)},
                            {{"c"}, Value::number(0.05)},
                            {{"d"}, Value::boolean(true)},
                            {{"e"}, Value::text("${x}")},
                            {{"f"}, Value::text("SECURE:x")},
                            {{"g"}, Value::duration(90s)},
                            {{"h"}, Value::list(list)},
                            {{"i"}, Value::absent()},
                            {{"j"}, Value::text("1.0")},
                            {{"k"}, Value::map(map)},
                            {{"l"}, Value::number(1)},
                            {{"m"}, Value::secret("SECURE:key", true)},
                            {{"n"}, Value::absent()}}),
              text);
}

TEST(Edit, a_number_that_is_only_nearly_the_present_one_is_another) {
    EXPECT_EQ(edited("a: 012\n", "a", Value::integer(12)), "a: 12\n");
    EXPECT_EQ(edited("a: 1__0\n", "a", Value::integer(10)), "a: 10\n");
    EXPECT_EQ(edited("a: '5'\n", "a", Value::integer(5)), "a: 5\n");
    EXPECT_EQ(edited("a: 9007199254740993\n", "a", Value::number(9007199254740992.0)),
              "a: 9007199254740992\n");
    EXPECT_EQ(edited("a: 0.0\n", "a", Value::number(-0.0)), "a: -0.0\n");
    EXPECT_EQ(edited("a: null\n", "a", Value::text("null")), "a: \"null\"\n");
    EXPECT_EQ(edited("a: yes\n", "a", Value::boolean(true)), "a: true\n");
    EXPECT_EQ(edited("a: ${b}\nb: x\n", "a", Value::text("x")), "a: x\nb: x\n");
}

TEST(Edit, several_edits_are_one_change) {
    EXPECT_EQ(edited("a: 1\nb:\n  c: 2\n  d: 3\n", {{{"b", "d"}, std::nullopt},
                                                    {{"b", "e"}, Value::text("x")},
                                                    {{"a"}, Value::integer(5)},
                                                    {{"f", "g"}, Value::boolean(true)}}),
              "a: 5\nb:\n  c: 2\n  e: x\nf:\n  g: true\n");
    EXPECT_EQ(edited("b:\n  c: 2\n", {{{"b", "c"}, std::nullopt}, {{"b", "d"}, Value::integer(1)}}),
              "b:\n  d: 1\n");
    EXPECT_EQ(edited("a: 1\n", std::vector<Edit>{}), "a: 1\n");
}

TEST(Edit, a_new_key_stands_behind_the_last_of_its_section_indented_like_it) {
    EXPECT_EQ(edited("a:\n    b: 1 # one\n    # c: 2\n\nd: 4\n", "a.x", Value::integer(5)),
              "a:\n    b: 1 # one\n    x: 5\n    # c: 2\n\nd: 4\n");
    EXPECT_EQ(edited("a:\n    b: 1\n", "a.s.m", Value::integer(5)), "a:\n    b: 1\n    s:\n        m: 5\n");
    EXPECT_EQ(edited("a:\n   b: 1\nc: 1\n", "s.m.o", Value::integer(5)),
              "a:\n   b: 1\nc: 1\ns:\n   m:\n      o: 5\n");
    EXPECT_EQ(edited("x:\n  y: 1\na:\n  b:\n      c: 1\n", "a.s.m", Value::integer(5)),
              "x:\n  y: 1\na:\n  b:\n      c: 1\n  s:\n      m: 5\n")
        << "the children of a neighbour count, not the neighbours";
    EXPECT_EQ(edited("a: 1\n\n# the end\n", "b", Value::integer(2)), "a: 1\nb: 2\n\n# the end\n");
    EXPECT_EQ(edited("a:\n- 1\n- 2\n", "b", Value::integer(2)), "a:\n- 1\n- 2\nb: 2\n");
    EXPECT_EQ(edited("a: |+\n  text\n\n\nc: 1\n", "d", Value::integer(2)), "a: |+\n  text\n\n\nc: 1\nd: 2\n");
    EXPECT_EQ(edited("x:\n  a: |+\n    text\n\n\nc: 1\n", "x.d", Value::integer(2)),
              "x:\n  a: |+\n    text\n\n\n  d: 2\nc: 1\n");
}

TEST(Edit, a_section_without_a_value_is_filled) {
    EXPECT_EQ(edited("a:   # here\n  # more\nb: 1\n", "a.c", Value::integer(5)),
              "a:   # here\n  c: 5\n  # more\nb: 1\n");
    EXPECT_EQ(edited("a: null  # here\nb: 1\n", "a.c", Value::integer(5)), "a:  # here\n  c: 5\nb: 1\n");
    EXPECT_EQ(edited("a: {}\nb: 1\n", "a.c", Value::integer(5)), "a: {c: 5}\nb: 1\n");
    EXPECT_EQ(edited("a:\n  x:\n", "a.x.w", Value::integer(5)), "a:\n  x:\n    w: 5\n");
    EXPECT_EQ(edited("{a: , b}\n", {{{"a"}, Value::integer(1)}, {{"b"}, Value::integer(2)}}),
              "{a: 1 , b: 2}\n");
}

TEST(Edit, files_without_a_key_get_one) {
    EXPECT_EQ(edited("", "a.b", Value::integer(5)), "a:\n  b: 5\n");
    EXPECT_EQ(edited("# nothing yet\n", "a", Value::integer(5)), "# nothing yet\na: 5\n");
    EXPECT_EQ(edited("# nothing yet", "a", Value::integer(5)), "# nothing yet\na: 5");
    EXPECT_EQ(edited("---\n# x\n", "a", Value::integer(5)), "---\n# x\na: 5\n");
    EXPECT_EQ(edited("---\n...\n# x\n", "a", Value::integer(5)), "---\na: 5\n...\n# x\n");
    EXPECT_EQ(edited("%YAML 1.2\n---\n", "a", Value::integer(5)), "%YAML 1.2\n---\na: 5\n");
    EXPECT_EQ(edited("\xEF\xBB\xBF", "a", Value::integer(5)),
              "\xEF\xBB\xBF"
              "a: 5\n");
    EXPECT_EQ(edited("{}\n", "a", Value::integer(5)), "{a: 5}\n");
    EXPECT_EQ(edited("# x\n", "a", std::nullopt), "# x\n");
}

TEST(Edit, line_endings_and_a_byte_order_mark_stay) {
    EXPECT_EQ(edited("\xEF\xBB\xBF"
                     "a: 1\r\nb:\r\n  c: 2 # x\r\n",
                     {{{"b", "d", "e"}, Value::integer(5)}, {{"a"}, std::nullopt}}),
              "\xEF\xBB\xBF"
              "b:\r\n  c: 2 # x\r\n  d:\r\n    e: 5\r\n");
    EXPECT_EQ(edited("a: 1\rb: 2\r", {{{"c"}, Value::integer(3)}, {{"a"}, std::nullopt}}), "b: 2\rc: 3\r");
}

TEST(Edit, a_file_without_a_last_newline_goes_on_without) {
    EXPECT_EQ(edited("a: 1", "b", Value::integer(2)), "a: 1\nb: 2");
    EXPECT_EQ(edited("a: 1\nb: 2", "b", std::nullopt), "a: 1");
    EXPECT_EQ(edited("a: 1\r\nb: 2 # x", "b", std::nullopt), "a: 1");
    EXPECT_EQ(edited("a: 1\nb: 2", {{{"b"}, std::nullopt}, {{"c"}, Value::integer(3)}}), "a: 1\nc: 3");
    EXPECT_EQ(edited("a:\n  b: 2", "a.b", std::nullopt), "");
    EXPECT_EQ(edited("a: 1", "a", Value::integer(2)), "a: 2");
}

TEST(Edit, documents_keep_their_frame) {
    EXPECT_EQ(edited("%YAML 1.2\n--- # start\na: 1\n...\n# end\n",
                     {{{"a"}, Value::integer(2)}, {{"b"}, Value::integer(3)}}),
              "%YAML 1.2\n--- # start\na: 2\nb: 3\n...\n# end\n");
    EXPECT_EQ(edited("--- {a: 1}\n", "b", Value::integer(3)), "--- {a: 1, b: 3}\n");
}

TEST(Edit, keys_are_found_as_they_are_written_and_quoted_where_they_must_be) {
    EXPECT_EQ(edited("\"a b\": 1\n'c': 2\n", {{{"a b"}, Value::integer(3)}, {{"c"}, Value::integer(4)}}),
              "\"a b\": 3\n'c': 4\n");
    EXPECT_EQ(
        edited("a: 1\n",
               {{{"yes"}, Value::integer(3)}, {{"<<"}, Value::integer(4)}, {{"b c"}, Value::integer(5)}}),
        "a: 1\n\"yes\": 3\n\"<<\": 4\nb c: 5\n");
    EXPECT_EQ(edited("? a\n: 1\nb: 2\n", {{{"a"}, Value::integer(3)}, {{"c"}, Value::integer(4)}}),
              "? a\n: 3\nb: 2\nc: 4\n");
    EXPECT_EQ(edited("? a\n: 1\nb: 2\n", "a", std::nullopt), "b: 2\n");
    EXPECT_EQ(edited("a : 1\n", "a", Value::integer(3)), "a : 3\n");
    EXPECT_EQ(edited("a:\n  1\nb: 2\n", "a", Value::integer(3)), "a:\n  3\nb: 2\n");
}

TEST(Edit, a_comment_without_a_blank_in_front_stays_a_comment) {
    EXPECT_EQ(edited("a: \"x\"#c\n", "a", Value::integer(3)), "a: 3 #c\n");
}

/// Nothing may be looked for once for every key or every edit: each of these took minutes when something was.
TEST(Edit, the_time_grows_with_the_file_and_not_with_its_square) {
    constexpr int kKeys = 100'000;
    std::string yaml;
    std::string json = "{";
    std::vector<Edit> edits;
    for (int i = 0; i < kKeys; ++i) {
        yaml += fmt::format("key{}: &a{} {}  # comment\n", i, i, i);
        json += fmt::format("{}\"key{}\":{}", i == 0 ? "" : ",", i, i);
        if (i % 10 == 0) {
            const bool is_removal = i % 20 == 0;
            edits.push_back(
                {{fmt::format("key{}", i)}, is_removal ? std::optional<Value>{} : Value::integer(i + 1)});
        }
    }
    json += "}";
    const auto begin = thread_time();

    EXPECT_FALSE(edited(yaml, edits).starts_with("QC"));
    EXPECT_FALSE(edited(json, edits, "base.json").starts_with("QC"));
    EXPECT_FALSE(edited(yaml, "key50000", Value::integer(1)).starts_with("QC"));

    EXPECT_LT(thread_time() - begin, 20s) << "with sanitizers";
}

TEST(Edit, a_path_leads_through_sections_only) {
    EXPECT_EQ(edited("a: 5\n", "a.b", Value::integer(3)), "QC1714 1:4");
    EXPECT_EQ(edited("x: 1\na:\n  - 5\n", "a.b", std::nullopt), "QC1714 3:3");
    EXPECT_EQ(edited("a: ~\n", "a.b", std::nullopt), "a: ~\n");
}

}  // namespace
}  // namespace quantconf::format
