#include "sources/pause.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

std::optional<Duration> pause(KeyStatus status, std::optional<Duration> wait) {
    const auto result = pause_after({.status = status, .reason = "why", .wait = wait});
    return result ? std::optional{result->wait} : std::nullopt;
}

TEST(Pause, a_provider_that_refuses_is_left_alone_for_as_long_as_it_says) {
    EXPECT_EQ(pause(KeyStatus::RateLimited, 90s), 90s);
    EXPECT_EQ(pause(KeyStatus::RateLimited, 0s), 1s);
    EXPECT_EQ(pause(KeyStatus::RateLimited, {}), 1s);
    EXPECT_EQ(pause(KeyStatus::QuotaExhausted, 32 * 24h), 32 * 24h);
    EXPECT_EQ(pause(KeyStatus::QuotaExhausted, {}), 60s);
}

TEST(Pause, an_outage_is_believed_up_to_an_hour) {
    EXPECT_EQ(pause(KeyStatus::Unreachable, 120s), 120s);
    EXPECT_EQ(pause(KeyStatus::Unreachable, 1h), 1h);
    EXPECT_EQ(pause(KeyStatus::Unreachable, 1h + 1s), 1h);
    EXPECT_EQ(pause(KeyStatus::Unreachable, {}), std::nullopt);
}

TEST(Pause, what_is_about_the_key_or_the_question_pauses_nobody) {
    for (const KeyStatus status :
         {KeyStatus::Invalid, KeyStatus::Expired, KeyStatus::NotEntitled, KeyStatus::Unknown}) {
        EXPECT_EQ(pause(status, 90s), std::nullopt);
    }
    EXPECT_EQ(pause(KeyStatus::Valid, {}), std::nullopt);
    EXPECT_EQ(pause(KeyStatus::Valid, 7s), 7s);
}

}  // namespace
}  // namespace quantconf::sources
