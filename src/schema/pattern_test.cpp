#include "schema/pattern.hpp"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/thread_time.hpp"

namespace quantconf::schema {
namespace {

TEST(Pattern, must_match_the_whole_text) {
    EXPECT_TRUE(matches_pattern("[a-z]+", "abc"));
    EXPECT_FALSE(matches_pattern("[a-z]+", "abc1"));
    EXPECT_FALSE(matches_pattern("[a-z]+", "1abc"));
    EXPECT_FALSE(matches_pattern("a|ab", "abc"));
    EXPECT_TRUE(matches_pattern("", ""));
    EXPECT_FALSE(matches_pattern("[a-z]+", "abc\n"));
}

TEST(Pattern, counts_characters_and_not_bytes) {
    EXPECT_TRUE(matches_pattern(".", "\xc3\xa9"));
    EXPECT_FALSE(matches_pattern(".", "\n"));
}

TEST(Pattern, a_bad_one_is_explained) {
    std::string error;
    EXPECT_TRUE(valid_pattern("[a-z]{1,3}", error));
    EXPECT_EQ(error, "");
    EXPECT_FALSE(valid_pattern("[a-z", error));
    EXPECT_EQ(error, "missing ]: [a-z");
    EXPECT_FALSE(valid_pattern("(a)\\1", error)) << "no back references in RE2";
    EXPECT_FALSE(valid_pattern("((a{100}){100}){100}", error)) << "too large";
}

TEST(Pattern, a_text_of_patterns_has_a_limit) {
    std::string error;
    EXPECT_TRUE(valid_pattern(std::string(4096, 'a'), error));
    EXPECT_FALSE(valid_pattern(std::string(4097, 'a'), error));
    EXPECT_EQ(error, "expected at most 4096 bytes, found more");
}

TEST(Pattern, a_hard_text_takes_no_longer_than_an_easy_one) {
    const std::string text(20'000, 'a');
    const auto start = thread_time();
    EXPECT_FALSE(matches_pattern("(a*)*b", text));
    EXPECT_LT(thread_time() - start, std::chrono::seconds{2});
}

TEST(Pattern, many_threads_may_ask_and_the_cache_stays_bounded) {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([] {
            for (int i = 0; i < 600; ++i) {
                EXPECT_TRUE(matches_pattern("x" + std::to_string(i) + "y?", "x" + std::to_string(i)));
            }
        });
    }
}

TEST(PatternDeath, using_a_bad_one_is_our_bug) {
    EXPECT_DEATH(static_cast<void>(matches_pattern("[a-z", "a")), "ok");
}

}  // namespace
}  // namespace quantconf::schema
