#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

namespace {

Loaded load_limit(std::string_view provider, std::string_view entry) {
    return load_value("data_sources.rate_limits." + std::string{provider}, entry);
}

std::string at(std::string_view provider, std::string_view field) {
    return "QC1702 data_sources.rate_limits." + std::string{provider} + "." + std::string{field};
}

}  // namespace

TEST(RateLimitRules, defaults_stay_within_what_the_plans_allow) {
    EXPECT_EQ(load({}).warnings(), Said{});
}

TEST(RateLimitRules, free_plan_with_the_limits_of_a_paid_one_is_warned_about) {
    const Loaded bot = load_limit("polygon", "{plan: free}");
    ASSERT_TRUE(bot.ok());
    EXPECT_EQ(bot.warnings(), Said{at("polygon", "requests_per_minute")}) << bot.report();
    EXPECT_TRUE(bot.mentions("the free plan of polygon allows 5 requests per minute")) << bot.report();
    EXPECT_TRUE(bot.mentions("pricing page")) << bot.report();
    EXPECT_EQ(
        load_limit("polygon", "{plan: free, requests_per_minute: 6, requests_per_second: 5, burst_limit: 1}")
            .warnings(),
        Said{at("polygon", "requests_per_minute")});
    EXPECT_EQ(
        load_limit("polygon", "{plan: free, requests_per_minute: 5, requests_per_second: 5, burst_limit: 1}")
            .warnings(),
        Said{});
}

TEST(RateLimitRules, high_minute_figure_is_fine_while_the_day_window_binds) {
    EXPECT_EQ(load_limit("newsapi", "{requests_per_minute: 100, requests_per_day: 100}").warnings(), Said{});
    const Loaded unbound = load_limit("newsapi", "{requests_per_day: null, extra_windows: []}");
    const Said expected = {at("newsapi", "requests_per_minute"), at("newsapi", "requests_per_minute")};
    EXPECT_EQ(unbound.warnings(), expected) << unbound.report();
    EXPECT_TRUE(unbound.mentions("50 requests per 12 hours"));
    EXPECT_TRUE(unbound.mentions("100 requests per day"));
}

TEST(RateLimitRules, removed_second_window_is_noticed) {
    EXPECT_EQ(load_limit("fred", "{requests_per_second: null}").warnings(),
              Said{at("fred", "requests_per_minute")});
    EXPECT_EQ(load_limit("fred", "{requests_per_second: 3}").warnings(),
              Said{at("fred", "requests_per_second")});
    EXPECT_EQ(load_limit("fred", "{requests_per_second: 1, burst_limit: 1}").warnings(), Said{});
}

TEST(RateLimitRules, fixed_windows_count_twice_unless_the_provider_counts_the_same_way) {
    EXPECT_FALSE(load_limit("finnhub", "{strategy: fixed_window}").warnings().empty());
    EXPECT_EQ(
        load_limit("finnhub", "{strategy: fixed_window, requests_per_minute: 30, requests_per_second: 15}")
            .warnings(),
        Said{});
    // GNews counts days from midnight UTC as well.
    EXPECT_EQ(
        load_limit("gnews", "{strategy: fixed_window, requests_per_second: null, requests_per_minute: null}")
            .mentions("100 requests per day"),
        false);
}

TEST(RateLimitRules, bought_plan_allows_what_was_bought) {
    EXPECT_EQ(load_limit("alpha_vantage",
                         "{plan: premium_75, requests_per_minute: 75, requests_per_second: null, "
                         "requests_per_day: null}")
                  .warnings(),
              Said{});
    EXPECT_EQ(load_limit("alpha_vantage",
                         "{plan: premium_75, requests_per_minute: 76, requests_per_second: null, "
                         "requests_per_day: null}")
                  .warnings(),
              Said{at("alpha_vantage", "requests_per_minute")});
    EXPECT_EQ(load_limit("stocktwits", "{plan: token, requests_per_hour: 400}").warnings(), Said{});
    EXPECT_EQ(load_limit("stocktwits", "{requests_per_hour: 400}").warnings(),
              Said{at("stocktwits", "requests_per_hour")});
}

TEST(RateLimitRules, plan_belongs_to_its_provider) {
    const Loaded bot = load_limit("gnews", "{plan: premium_75}");
    EXPECT_EQ(bot.errors(), Said{"QC1701 data_sources.rate_limits.gnews.plan"}) << bot.report();
    EXPECT_TRUE(bot.mentions("expected free, paid, found premium_75")) << bot.report();
    EXPECT_TRUE(load_limit("gnews", "{plan: paid}").ok());
}

TEST(RateLimitRules, provider_without_any_window_is_refused) {
    const Loaded bot = load_limit("openai", "{requests_per_minute: null}");
    EXPECT_EQ(bot.errors(), Said{"QC1701 data_sources.rate_limits.openai"}) << bot.report();
    EXPECT_TRUE(load_limit("openai", "{plan: paid, requests_per_minute: null, requests_per_day: 5000}").ok());
    EXPECT_TRUE(
        load_limit("openai", "{requests_per_minute: null, extra_windows: [{requests: 9, per: 5m}]}").ok());
}

TEST(RateLimitRules, short_window_above_a_long_one_is_a_mistaken_unit) {
    const Loaded bot = load_limit("gnews", "{requests_per_minute: 101}");
    EXPECT_EQ(bot.warnings(), Said{at("gnews", "requests_per_minute")}) << bot.report();
    EXPECT_TRUE(bot.mentions("requests_per_day allows only 100 per day")) << bot.report();
    EXPECT_EQ(load_limit("gnews", "{requests_per_minute: 100}").warnings(), Said{});
}

TEST(RateLimitRules, burst_above_a_window_can_never_be_sent) {
    const Loaded bot = load_limit("fred", "{burst_limit: 25}");
    EXPECT_TRUE(bot.ok());
    EXPECT_EQ(bot.warnings(), Said{at("fred", "burst_limit")}) << bot.report();
    EXPECT_TRUE(bot.mentions("requests_per_second allows only 2 per second"));
    EXPECT_EQ(load_limit("fred", "{burst_limit: 2}").warnings(), Said{});
}

}  // namespace quantconf::quantbot
