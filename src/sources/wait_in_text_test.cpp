#include "sources/wait_in_text.hpp"

#include <gtest/gtest.h>

#include "sources/limit_headers.hpp"

namespace quantconf::sources::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(WaitInText, reads_how_providers_put_it) {
    EXPECT_EQ(wait_in_text("Please try again in 20s."), seconds{20});
    EXPECT_EQ(wait_in_text("Please try again in 6m0s. Visit https://example.com"), minutes{6});
    EXPECT_EQ(wait_in_text("try again in 1.5s"), milliseconds{1500});
    EXPECT_EQ(wait_in_text("try again in 250ms"), milliseconds{250});
    EXPECT_EQ(wait_in_text("TRY AGAIN IN 5 MINUTES."), minutes{5});
    EXPECT_EQ(wait_in_text("Retry after 30 seconds"), seconds{30});
    EXPECT_EQ(wait_in_text("please wait 2 minutes and 30 seconds"), seconds{150});
    EXPECT_EQ(wait_in_text("wait for at least 1 hour"), hours{1});
    EXPECT_EQ(wait_in_text("try again in about an hour"), hours{1});
    EXPECT_EQ(wait_in_text("the limit resets in 3h 10m"), minutes{190});
    EXPECT_EQ(wait_in_text("available again after 1 day"), hours{24});
}

TEST(WaitInText, what_is_no_pause_is_none) {
    for (const std::string_view text :
         {"", "100 requests in 24 hours", "50 requests available every 12 hours", "try again later",
          "try again in", "try again in a while", "retry", "wait 5", "Please wait or upgrade", "in 20s",
          "again and again 5 apples", "the next reset will be tomorrow at 00:00 UTC"}) {
        EXPECT_EQ(wait_in_text(text), std::nullopt) << text;
    }
}

TEST(WaitInText, absurd_pauses_are_none) {
    for (const std::string_view text :
         {"try again in 99999999999999999999 seconds", "try again in 999999999h", "wait 9999 days",
          "try again in 1d 999999999999 days 99999999 days"}) {
        EXPECT_EQ(wait_in_text(text), std::nullopt) << text;
    }
    EXPECT_EQ(wait_in_text("wait 32 days"), Duration{kResetMax});
    EXPECT_EQ(wait_in_text("wait 33 days"), std::nullopt);
}

}  // namespace
}  // namespace quantconf::sources::test
