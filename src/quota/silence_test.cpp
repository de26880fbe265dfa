#include "quota/silence.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace quantconf::quota {
namespace {

using namespace std::chrono_literals;

TEST(Silence, as_much_of_it_as_one_timeout_is_one_timeout) {
    Silence silence;
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(silence.take(10s));
        silence.wait(i * 20s, i * 20s + 1s);
    }
    EXPECT_TRUE(silence.take(10s));
    EXPECT_FALSE(silence.take(10s));
}

TEST(Silence, waits_side_by_side_count_once) {
    Silence silence;
    for (int i = 0; i < 60; ++i) {
        silence.wait(5s, 6s);
    }
    EXPECT_EQ(silence.length(), 1s);
    silence.wait(5500ms, 8s);
    EXPECT_EQ(silence.length(), 3s);
    silence.wait(1s, 2s);  // Told late.
    EXPECT_EQ(silence.length(), 3s);
}

TEST(Silence, an_answer_ends_it_for_those_who_still_wait_too) {
    Silence silence;
    silence.wait(0s, 9s);
    silence.end(10s);
    EXPECT_EQ(silence.length(), 0s);
    silence.wait(8s, 11s);
    EXPECT_EQ(silence.length(), 1s);
}

}  // namespace
}  // namespace quantconf::quota
