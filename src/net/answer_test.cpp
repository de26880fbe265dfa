#include "net/answer.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/limits.hpp"

namespace quantconf::net {
namespace {

std::vector<Header> headers_of(std::initializer_list<std::string_view> lines) {
    Answer answer{100};
    for (const std::string_view line : lines) {
        EXPECT_TRUE(answer.take_line(line));
    }
    return answer.take_headers();
}

TEST(Answer, has_headers_in_lower_case_without_spaces_around) {
    EXPECT_EQ(headers_of({"HTTP/1.1 200 OK\r\n", "Retry-After:  5 \r\n", "X-Empty:\r\n", "\r\n"}),
              (std::vector<Header>{{"retry-after", "5"}, {"x-empty", ""}}));
}

TEST(Answer, keeps_the_last_answers_headers_alone) {
    EXPECT_EQ(headers_of({"HTTP/1.1 103 Early Hints\r\n", "A: 1\r\n", "\r\n", "HTTP/1.1 200 OK\r\n",
                          "B: 2\r\n", "\r\n"}),
              (std::vector<Header>{{"b", "2"}}));
}

TEST(Answer, what_comes_after_the_headers_is_none) {
    EXPECT_EQ(headers_of({"HTTP/1.1 200 OK\r\n", "A: 1\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "B: 2\r\n"}),
              (std::vector<Header>{{"a", "1"}}));
}

TEST(Answer, a_header_that_looks_like_a_status_is_no_status) {
    EXPECT_EQ(headers_of({"HTTP/1.1 200 OK\r\n", "A: 1\r\n", "HTTP/1.1 100 x: y\r\n", "B: 2\r\n", "\r\n"}),
              (std::vector<Header>{{"a", "1"}, {"b", "2"}}));
}

TEST(Answer, a_folded_value_is_one_line_and_rubbish_is_left_out) {
    EXPECT_EQ(headers_of({"HTTP/1.1 200 OK\r\n", " x\r\n", "no colon\r\n", "a b: c\r\n", ": d\r\n",
                          "A : e\r\n", "A: 1\r\n", "\t 2\r\n", "\r\n"}),
              (std::vector<Header>{{"a", "1 2"}}));
}

TEST(Answer, has_so_many_lines_and_no_more) {
    Answer answer{0};
    EXPECT_TRUE(answer.take_line("HTTP/1.1 200 OK\r\n"));
    for (std::size_t i = 1; i != kHeadersMax; ++i) {
        EXPECT_TRUE(answer.take_line("A: 1\r\n"));
    }
    EXPECT_FALSE(answer.is_too_large());
    EXPECT_FALSE(answer.take_line("A: 1\r\n"));
    EXPECT_TRUE(answer.is_too_large());
}

TEST(Answer, has_headers_of_so_many_bytes_and_no_more) {
    Answer answer{0};
    EXPECT_TRUE(answer.take_line(std::string(kHeaderBytesMax - 2, 'x')));
    EXPECT_TRUE(answer.take_line("\r\n"));
    EXPECT_FALSE(answer.take_line("x"));
    EXPECT_TRUE(answer.is_too_large());
}

TEST(Answer, has_a_body_of_so_many_bytes_and_no_more) {
    Answer answer{5};
    EXPECT_TRUE(answer.take_body("abc"));
    EXPECT_TRUE(answer.take_body("de"));
    EXPECT_TRUE(answer.take_body(""));
    EXPECT_FALSE(answer.take_body("f"));
    EXPECT_TRUE(answer.is_too_large());
    EXPECT_EQ(answer.take_body(), "abcde");
}

}  // namespace
}  // namespace quantconf::net
