#include "sources/token.hpp"

#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace quantconf::sources {
namespace {

using namespace std::chrono_literals;

TEST(TokenKeeper, nobody_waits_for_the_token_that_somebody_else_asks_for_beyond_his_patience) {
    TokenKeeper keeper;
    std::promise<void> is_asking;
    std::promise<void> may_answer;
    std::jthread first{[&] {
        const auto token = keeper.get(0s, 60s, [&]() -> std::expected<Token, Verdict> {
            is_asking.set_value();
            // Only a keeper that makes the other one wait for it comes to the end of this.
            (void)may_answer.get_future().wait_for(20s);
            return Token{.secret = Secret::plain("token-1"), .lifetime = 1h};
        });
        EXPECT_TRUE(token);
    }};
    is_asking.get_future().wait();

    const auto second = keeper.get(0s, 1ms, []() -> std::expected<Token, Verdict> {
        return Token{.secret = Secret::plain("token-2"), .lifetime = 1h};
    });

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().detail, "deadline");
    may_answer.set_value();
}

}  // namespace
}  // namespace quantconf::sources
