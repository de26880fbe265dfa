#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "quantconf/diagnostic.hpp"

namespace quantconf {
namespace {

std::shared_ptr<Source> file(std::string text) {
    return Source::make(Source::Kind::File, "base", "config/base.yaml", std::move(text));
}

/// The slow and obvious way to count.
Position counted(std::string_view text, std::size_t offset) {
    Position position{1, 1};
    for (std::size_t at = 0; at < std::min(offset, text.size()); ++at) {
        if (text[at] == '\n') {
            position = {position.line + 1, 1};
        } else if (at + 1 == text.size() || (static_cast<unsigned char>(text[at + 1]) & 0xC0U) != 0x80U) {
            ++position.column;
        }
    }
    return position;
}

TEST(Source, counts_lines_and_columns_from_one) {
    const auto source = file("a: 1\nbc: 2\n");
    EXPECT_EQ(source->position(0), (Position{1, 1}));
    EXPECT_EQ(source->position(3), (Position{1, 4}));
    EXPECT_EQ(source->position(5), (Position{2, 1}));
    EXPECT_EQ(source->position(9), (Position{2, 5}));
    EXPECT_EQ(source->position(11), (Position{3, 1}));
}

TEST(Source, an_offset_past_the_end_counts_as_the_end) {
    EXPECT_EQ(file("ab")->position(99), (Position{1, 3}));
    EXPECT_EQ(file("")->position(0), (Position{1, 1}));
}

TEST(Source, columns_are_code_points) {
    const auto source = file("é€😀x");
    EXPECT_EQ(source->position(2), (Position{1, 2}));
    EXPECT_EQ(source->position(5), (Position{1, 3}));
    EXPECT_EQ(source->position(9), (Position{1, 4}));
}

TEST(Source, a_byte_order_mark_is_not_counted) {
    const auto source = file(
        "\xEF\xBB\xBF"
        "a: 1\nb: 2");
    EXPECT_EQ(source->position(3), (Position{1, 1}));
    EXPECT_EQ(source->position(0), (Position{1, 1}));
    EXPECT_EQ(source->position(6), (Position{1, 4}));
    EXPECT_EQ(source->position(8), (Position{2, 1}));
    EXPECT_EQ(source->visible_line(1), "a: 1");
    EXPECT_EQ(file("\xEF\xBB\xBF")->position(3), (Position{1, 1}));
}

TEST(Source, every_usual_line_ending_ends_a_line_once) {
    const auto source = file("a\r\nb\rc\nd");
    EXPECT_EQ(source->visible_line(1), "a");
    EXPECT_EQ(source->visible_line(2), "b");
    EXPECT_EQ(source->visible_line(3), "c");
    EXPECT_EQ(source->visible_line(4), "d");
    EXPECT_EQ(source->visible_line(5), "");
    EXPECT_EQ(source->visible_line(0), "");
    EXPECT_EQ(source->position(3), (Position{2, 1}));
}

TEST(Source, agrees_with_plain_counting_at_every_offset_of_long_lines) {
    std::string text;
    for (int i = 0; i < 1500; ++i) {
        text += i % 700 == 699 ? "\n" : (i % 3 == 0 ? "é" : "ab");
    }
    while (text.size() % 1024 != 0) {
        text += 'x';  // The end lies on the edge of a block.
    }
    const auto source = file(text);
    for (std::uint32_t offset = 0; offset <= text.size(); ++offset) {
        const bool is_inside_character =
            offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U;
        if (!is_inside_character) {
            ASSERT_EQ(source->position(offset), counted(text, offset)) << offset;
        }
    }
}

TEST(Source, many_threads_may_ask_the_first_question) {
    const auto source = file(std::string(100'000, 'x') + "\ny");
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&source] {
            EXPECT_EQ(source->position(100'001), (Position{2, 1}));
            EXPECT_EQ(source->visible_line(2), "y");
        });
    }
}

TEST(Source, concealed_bytes_read_as_six_stars_whatever_their_length) {
    const auto source = file("name: x  # y\nvalue: abcdefghijk, z\n");
    source->conceal(20, 31);
    EXPECT_EQ(source->visible_line(2), "value: ******, z");
    EXPECT_EQ(source->visible_line(1), "name: x  # y");
}

TEST(Source, a_column_moves_with_the_shown_text) {
    const auto source = file("value: abcdefghijk, z");
    source->conceal(7, 18);
    const auto moved = [&source](std::uint32_t column) {
        (void)source->visible_line(1, &column);
        return column;
    };
    EXPECT_EQ(moved(1), 1U);
    EXPECT_EQ(moved(7), 7U);
    EXPECT_EQ(moved(8), 8U);
    EXPECT_EQ(moved(12), 8U);  // Inside: the first star, wherever it was.
    EXPECT_EQ(moved(19), 14U);
    EXPECT_EQ(moved(21), 16U);
    EXPECT_EQ(moved(22), 17U);
    EXPECT_EQ(moved(90), 17U);
}

TEST(Source, a_concealed_text_of_several_lines_hides_each_of_them) {
    const auto source = file("a: |\n  one\n\n  two\nb: 1\n");
    source->conceal(3, 17);
    EXPECT_EQ(source->visible_line(1), "a: ******");
    EXPECT_EQ(source->visible_line(2), "******");
    EXPECT_EQ(source->visible_line(3), "******");
    EXPECT_EQ(source->visible_line(4), "******");
    EXPECT_EQ(source->visible_line(5), "b: 1");
}

TEST(Source, ranges_that_touch_read_as_one) {
    const auto source = file("v: abcdef");
    source->conceal(6, 9);
    source->conceal(3, 6);
    source->conceal(4, 5);
    source->conceal(2, 2);
    EXPECT_EQ(source->visible_line(1), "v: ******");
}

TEST(Origin, without_a_source_has_no_position) {
    EXPECT_EQ(Origin{}.position(), (Position{0, 0}));
    EXPECT_EQ((Origin{file("a\nb"), 2, 3}.position()), (Position{2, 1}));
}

TEST(Source, knows_which_bytes_it_conceals) {
    const auto source = Source::make(Source::Kind::File, "base", "base.yaml", "0123456789");
    source->conceal(6, 8);
    source->conceal(2, 4);
    source->conceal(3, 5);

    for (const auto& [begin, end] : {std::pair{2U, 3U}, {0U, 3U}, {4U, 6U}, {7U, 9U}, {0U, 10U}}) {
        EXPECT_TRUE(source->conceals(begin, end)) << begin << ' ' << end;
    }
    for (const auto& [begin, end] : {std::pair{0U, 2U}, {5U, 6U}, {8U, 10U}}) {
        EXPECT_FALSE(source->conceals(begin, end)) << begin << ' ' << end;
    }
}

}  // namespace
}  // namespace quantconf
