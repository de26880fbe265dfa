#include "sources/cache.hpp"

#include <chrono>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const KeptAnswer> answer(std::string body, Duration received = 0s) {
    return std::make_shared<const KeptAnswer>(
        KeptAnswer{.http_status = 200, .body = std::move(body), .received = received});
}

TEST(AnswerCache, finds_what_is_young_enough_to_the_nanosecond) {
    AnswerCache cache{1 << 20};
    cache.put("quote", answer("1", 10s));
    ASSERT_NE(cache.find("quote", 15s, 5s), nullptr);
    EXPECT_EQ(cache.find("quote", 15s, 5s)->body, "1");
    EXPECT_EQ(cache.find("quote", 15s + 1ns, 5s), nullptr);
    EXPECT_EQ(cache.find("other", 15s, 5s), nullptr);
    // What is too old for one caller is still there for the next, who takes an older one.
    EXPECT_NE(cache.find("quote", 1h, 2h), nullptr);
}

TEST(AnswerCache, a_newer_answer_takes_the_place_of_the_older_one) {
    AnswerCache cache{1 << 20};
    cache.put("quote", answer("1"));
    const auto before = cache.figures();
    cache.put("quote", answer("2"));
    EXPECT_EQ(cache.find("quote", 0s, 1s)->body, "2");
    EXPECT_EQ(cache.figures().entries, 1U);
    EXPECT_EQ(cache.figures().bytes, before.bytes);
}

TEST(AnswerCache, forgets_what_was_not_used_for_longest) {
    AnswerCache cache{10'000};
    for (const char* key : {"a", "b", "c"}) {
        cache.put(key, answer(std::string(2'000, 'x')));
    }
    EXPECT_NE(cache.find("a", 0s, 1s), nullptr);  // Now b is the oldest.
    cache.put("d", answer(std::string(2'000, 'x')));
    cache.put("e", answer(std::string(2'000, 'x')));
    EXPECT_EQ(cache.find("b", 0s, 1s), nullptr);
    EXPECT_NE(cache.find("a", 0s, 1s), nullptr);
    EXPECT_LE(cache.figures().bytes, 10'000U);
    EXPECT_GE(cache.figures().evicted, 1U);
}

TEST(AnswerCache, does_not_keep_what_would_drive_out_a_quarter_of_the_rest) {
    AnswerCache cache{10'000};
    cache.put("small", answer("x"));
    cache.put("large", answer(std::string(2'600, 'x')));
    EXPECT_EQ(cache.find("large", 0s, 1s), nullptr);
    EXPECT_NE(cache.find("small", 0s, 1s), nullptr);
    // An answer that has grown too large must not leave its predecessor behind: that would be an old price.
    cache.put("small", answer(std::string(2'600, 'x')));
    EXPECT_EQ(cache.find("small", 0s, 1s), nullptr);
}

TEST(AnswerCache, shrinks_at_once_when_the_configuration_says_so) {
    AnswerCache cache{1 << 20};
    for (int i = 0; i < 100; ++i) {
        cache.put(std::to_string(i), answer(std::string(1'000, 'x')));
    }
    cache.set_capacity(10'000);
    EXPECT_LE(cache.figures().bytes, 10'000U);
    EXPECT_NE(cache.find("99", 0s, 1s), nullptr);
    EXPECT_EQ(cache.find("0", 0s, 1s), nullptr);
    cache.set_capacity(0);
    EXPECT_EQ(cache.figures().entries, 0U);
    EXPECT_EQ(cache.figures().bytes, 0U);
}

TEST(AnswerCache, an_answer_in_use_outlives_its_place) {
    AnswerCache cache{1 << 20};
    cache.put("quote", answer("1"));
    const auto held = cache.find("quote", 0s, 1s);
    cache.set_capacity(0);
    EXPECT_EQ(held->body, "1");
}

}  // namespace
}  // namespace quantconf::sources
