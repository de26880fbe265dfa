#include <string>

#include <gtest/gtest.h>

#include "json_schema/sample.hpp"
#include "schema/json_schema.hpp"

namespace quantconf::schema {

namespace {

std::string reference() {
    return to_markdown(sample::schema());
}

/// The first line that begins with `start`.
std::string line_of(std::string_view start) {
    const std::string text = reference();
    const auto begin = text.find("\n" + std::string{start});
    return begin == std::string::npos ? "none"
                                      : text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
}

TEST(Markdown, each_field_is_one_row_with_everything_about_it) {
    EXPECT_EQ(line_of("| `max_position_size` | number"),
              "| `max_position_size` | number | `0.05` | 0.01..1.0; production: 0.01..0.2 | ratio | live | "
              "higher is "
              "riskier | `SAMPLE_TRADING_MAX_POSITION_SIZE` | Largest position, as a part of the capital. "
              "For example "
              "`0.05`. |");
    EXPECT_EQ(line_of("| `timeout`"),
              "| `timeout` | duration | `30s` | >= 1s, < 1h | | restart | | `SAMPLE_TRADING_TIMEOUT` | "
              "Patience. |");
}

TEST(Markdown, a_bar_does_not_end_its_cell) {
    EXPECT_EQ(
        line_of("| `account`"),
        "| `account` | text | **required** | | | live | | `SAMPLE_ACCOUNT` | Who pays \\| who earns. |");
    EXPECT_TRUE(line_of("| `code`").contains("3..5 characters; `[A-Z]+\\|[A-Z]{2}[0-9]`"));
}

TEST(Markdown, names_of_an_enum_are_listed) {
    EXPECT_EQ(line_of("| `side`"), "| `side` | enum | `buy` | `buy`, `sell` | | live | | `SAMPLE_SIDE` | |");
}

TEST(Markdown, sections_lists_and_maps_have_tables_of_their_own) {
    EXPECT_EQ(line_of("## `trading`"), "## `trading`");
    EXPECT_EQ(line_of("## `legs"), "## `legs[]`");
    EXPECT_EQ(line_of("## `limits"), "## `limits.<key>`");
}

TEST(Markdown, keys_of_a_map_share_one_name_of_a_variable) {
    EXPECT_TRUE(line_of("| `per_minute`").contains("`SAMPLE_LIMITS_<KEY>_PER_MINUTE`"));
    EXPECT_TRUE(line_of("| `weights`").contains("<KEY>"));
    EXPECT_EQ(line_of("| `symbol`"),
              "| `symbol` | text | **required** | at least 1 characters | | live | | | |");
}

TEST(Markdown, a_map_of_values_shows_its_entries_below_the_table) {
    EXPECT_TRUE(line_of("| `scores` | map of list of text |").contains("| see below |"));
    EXPECT_EQ(line_of("| `first`"), R"(| `first` | `["a","b"]` |)");
}

TEST(Markdown, what_holds_for_a_map_stands_before_its_table) {
    const std::string text = reference();
    EXPECT_LT(text.find("## `limits.<key>`"), text.find("By provider."));
    EXPECT_LT(text.find("By provider."), text.find("Keys: `polygon`"));
    EXPECT_LT(text.find("Keys: `polygon`"), text.find("| `per_minute`"));
}

TEST(Markdown, entries_that_a_map_starts_with_show_what_is_special_about_them) {
    EXPECT_EQ(line_of("| `polygon`"), "| `polygon` | per_minute `300` |");
    EXPECT_EQ(line_of("| `fred`"), "| `fred` | |");
}

TEST(Markdown, rules_and_old_spellings_close_the_page) {
    EXPECT_EQ(line_of("| `dry_run_in_testing`"),
              "| `dry_run_in_testing` | testing | error | Tests never trade. |");
    EXPECT_EQ(line_of("| `old.position.size`"), "| `old.position.size` | `trading.max_position_size` |");
}

TEST(Markdown, no_line_ends_in_a_space_and_the_page_in_one_newline) {
    const std::string text = reference();
    EXPECT_EQ(text.find(" \n"), std::string::npos);
    EXPECT_EQ(text.find("\n\n\n"), std::string::npos);
    EXPECT_TRUE(text.ends_with("|\n"));
}

TEST(Markdown, it_is_the_same_every_time) {
    EXPECT_EQ(reference(), reference());
}

}  // namespace

}  // namespace quantconf::schema
