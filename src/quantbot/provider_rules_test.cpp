#include <set>

#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"
#include "quantbot/enum_text.hpp"
#include "quantbot/plan_limits.hpp"

namespace quantconf::quantbot {

TEST(ProviderRules, reddit_needs_both_parts_of_its_key) {
    EXPECT_TRUE(
        load_overlay("data_sources: {reddit_client_id: \"SECURE:a\", reddit_client_secret: \"SECURE:b\"}\n")
            .ok());
    const Loaded only_id = load_value("data_sources.reddit_client_id", "\"SECURE:a\"");
    EXPECT_EQ(only_id.errors(), Said{"QC1701 data_sources.reddit_client_id"}) << only_id.report();
    EXPECT_TRUE(only_id.mentions("data_sources.reddit_client_secret is missing"));
    const Loaded only_secret = load_value("data_sources.reddit_client_secret", "\"SECURE:b\"");
    EXPECT_EQ(only_secret.errors(), Said{"QC1701 data_sources.reddit_client_secret"}) << only_secret.report();
}

TEST(ProviderRules, failover_names_only_providers_that_have_the_data) {
    EXPECT_TRUE(load_value("data_sources.failover.macro", "[polygon, fred]").ok());
    const Loaded bot = load_value("data_sources.failover.macro", "[fred, openweather]");
    EXPECT_EQ(bot.errors(), Said{"QC1701 data_sources.failover.macro[1]"}) << bot.report();
    EXPECT_TRUE(bot.mentions("openweather has no data for macro"));
    EXPECT_EQ(load_value("data_sources.failover.macro", "[bloomberg]").errors(),
              Said{"QC1211 data_sources.failover.macro[0]"});
    EXPECT_EQ(load_value("data_sources.failover.horoscopes", "[fred]").errors(),
              Said{"QC1301 data_sources.failover.horoscopes"});
}

TEST(ProviderRules, failover_does_not_repeat_a_provider) {
    const Loaded bot = load_value("data_sources.failover.macro", "[fred, polygon, fred]");
    EXPECT_EQ(bot.errors(), Said{"QC1701 data_sources.failover.macro[2]"}) << bot.report();
}

TEST(ProviderRules, configured_failover_replaces_one_list_and_keeps_the_others) {
    const auto failover = load_value("data_sources.failover.macro", "[]").config().data_sources.failover;
    EXPECT_TRUE(failover.at("macro").empty());
    EXPECT_EQ(failover.at("news_general"), default_failover().at("news_general"));
}

TEST(PlanLimits, every_provider_has_a_plan_and_every_figure_a_plan_and_a_source) {
    for (const auto& [provider, name] : EnumTable<Provider>::names) {
        EXPECT_FALSE(plans_of(name).empty()) << name;
    }
    for (const PlanLimit& limit : plan_limits()) {
        const auto plans = plans_of(text_of(limit.provider));
        EXPECT_NE(std::ranges::find(plans, text_of(limit.plan)), plans.end()) << text_of(limit.provider);
        EXPECT_FALSE(limit.evidence.empty()) << text_of(limit.provider);
        EXPECT_GT(limit.requests, 0) << text_of(limit.provider);
    }
}

}  // namespace quantconf::quantbot
