#include <algorithm>

#include <gtest/gtest.h>

#include "layers/load.hpp"
#include "quantbot/bot_testing.hpp"

// The defects of the bot's old configuration module that must not come back, by the letters of its record.
namespace quantconf::quantbot {

TEST(Defects, a1_validation_is_never_switched_off) {
    EXPECT_EQ(load_value("trading.max_position_size", "5").errors(),
              Said{"QC1203 trading.max_position_size"});
    EXPECT_EQ(load({}).config().cache_ttl_seconds, 3600);  // One of the fields that used to disappear.
}

TEST(Defects, a2_missing_files_are_a_diagnostic_and_not_a_dead_end) {
    const MemoryFiles nothing;
    layers::Inputs inputs;
    inputs.schema = &Config::schema();
    inputs.files = &nothing;
    const auto candidate = layers::load(inputs);
    ASSERT_TRUE(candidate);
    EXPECT_FALSE((*candidate)->ok);
    EXPECT_EQ(Loaded{*candidate}.errors().front(), "QC1001 ");
}

TEST(Defects, a3_broken_file_never_counts_as_an_empty_one) {
    const Loaded bot = load_overlay("trading: [\n", Environment::Production);
    EXPECT_FALSE(bot.ok());
    ASSERT_EQ(bot.errors().size(), 1U) << bot.report();
    EXPECT_TRUE(bot.mentions("production.yaml")) << bot.report();
}

TEST(Defects, a3_nothing_is_called_missing_that_a_broken_file_may_hold) {
    const Loaded bot = load({.base = "database: [\n", .overlay = "debug: yes\n"});
    EXPECT_EQ(bot.errors().size(), 2U)
        << bot.report();  // What is broken, and what is wrong in the other file.
    EXPECT_FALSE(bot.mentions("missing")) << bot.report();
}

TEST(Defects, a4_unknown_keys_are_errors_on_every_level) {
    EXPECT_EQ(load_value("trading.max_possition_size", "0.05").errors(),
              Said{"QC1301 trading.max_possition_size"});
    EXPECT_TRUE(load_value("trading.max_possition_size", "0.05").mentions("max_position_size"));
    EXPECT_EQ(load_value("cache_max_sise_mb", "1").errors(), Said{"QC1301 cache_max_sise_mb"});
    EXPECT_EQ(load_value("data_sources.rate_limits.bloomberg.requests_per_minute", "1").errors(),
              Said{"QC1301 data_sources.rate_limits.bloomberg"});
}

TEST(Defects, a5_rate_limits_are_validated_and_their_documented_keys_kept) {
    EXPECT_FALSE(load_value("data_sources.rate_limits.polygon.requests_per_minute", "-1").ok());
    EXPECT_FALSE(load_value("data_sources.rate_limits.polygon.requests_per_minute", "\"300\"").ok());
    EXPECT_FALSE(load_value("data_sources.rate_limits.polygon.backoff_factor", "-1.5").ok());
    const Loaded bot = load_overlay(R"(data_sources:
  rate_limits:
    reddit: {burst_limit: 7, strategy: leaky_bucket, backoff_strategy: fibonacci}
)");
    const RateLimit reddit = bot.config().data_sources.rate_limits.at("reddit");
    EXPECT_EQ(reddit.burst_limit, 7);
    EXPECT_EQ(reddit.strategy, Strategy::LeakyBucket);
    EXPECT_EQ(reddit.backoff_strategy, Backoff::Fibonacci);
}

TEST(Defects, a6_performance_fields_have_ranges_and_the_webhook_must_be_an_address) {
    EXPECT_FALSE(load_value("cache_max_size_mb", "-1").ok());
    EXPECT_FALSE(load_value("worker_threads", "0").ok());
    EXPECT_FALSE(load_value("monitoring.alert_webhook_url", "nonsense").ok());
}

TEST(Defects, a7_short_names_of_environments_work_and_unknown_ones_do_not_fall_back) {
    const auto chosen = layers::choose_environment("prod", "QUANTBOT", {});
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->environment, Environment::Production);
    EXPECT_FALSE(layers::choose_environment(std::nullopt, "QUANTBOT", {"QUANTBOT_ENVIRONMENT=produktion"}));
}

TEST(Defects, a8_configuration_and_caller_agree_about_the_environment) {
    EXPECT_EQ(load({.environment = Environment::Production}).config().environment, Environment::Production);
    const Loaded bot = load_overlay("environment: development\n", Environment::Production);
    EXPECT_EQ(bot.errors(), Said{"QC1006 environment"}) << bot.report();
}

TEST(Defects, a9_lists_at_the_root_and_dates_are_diagnostics_and_yml_is_read) {
    EXPECT_EQ(load_overlay("- 1\n").errors().front().substr(0, 6), "QC1112");
    const Loaded dated = load_overlay("app_version: 2024-01-15\n");
    ASSERT_TRUE(dated.ok()) << dated.report();
    EXPECT_EQ(dated.config().app_version, "2024-01-15");

    MemoryFiles files;
    files.put("config/base.yml", std::string{kCompleteBase});
    layers::Inputs inputs;
    inputs.schema = &Config::schema();
    inputs.files = &files;
    const auto candidate = layers::load(inputs);
    ASSERT_TRUE(candidate);
    EXPECT_TRUE((*candidate)->ok) << Loaded{*candidate}.report();
}

TEST(Defects, b7_configured_provider_keeps_the_defaults_of_its_other_limits) {
    const Loaded bot = load_overlay(R"(data_sources:
  rate_limits:
    alpha_vantage:
      max_retries: 1
)");
    ASSERT_TRUE(bot.ok()) << bot.report();
    const auto limits = bot.config().data_sources.rate_limits;
    EXPECT_EQ(limits.at("alpha_vantage").max_retries, 1);
    EXPECT_EQ(limits.at("alpha_vantage").requests_per_minute, 5);
    EXPECT_EQ(limits.at("alpha_vantage").requests_per_day, 25);
}

TEST(Defects, b7_provider_that_nobody_mentions_keeps_its_own_defaults) {
    const Loaded bot = load_value("data_sources.rate_limits.polygon.requests_per_minute", "300");
    const auto limits = bot.config().data_sources.rate_limits;
    EXPECT_EQ(limits.size(), 10U);
    EXPECT_EQ(limits.at("gnews").requests_per_minute, 10);
    EXPECT_EQ(limits.at("gnews").requests_per_day, 100);
}

TEST(Defects, b7_empty_rate_limits_change_nothing) {
    const auto limits = load_value("data_sources.rate_limits", "{}").config().data_sources.rate_limits;
    EXPECT_EQ(limits.size(), 10U);
    EXPECT_EQ(limits.at("stocktwits").requests_per_hour, 200);
}

TEST(Defects, e1_variables_reach_fields_with_underscores_and_texts_stay_texts) {
    const Loaded bot = load({.variables = {"QUANTBOT_CACHE_MAX_SIZE_MB=64", "QUANTBOT_APP_VERSION=1.2.3",
                                           "QUANTBOT_DATABASE_USERNAME=0123456",
                                           "QUANTBOT_DATA_SOURCES_RATE_LIMITS_FRED_REQUESTS_PER_MINUTE=90"}});
    ASSERT_TRUE(bot.ok()) << bot.report();
    const Config config = bot.config();
    EXPECT_EQ(config.cache_max_size_mb, 64);
    EXPECT_EQ(config.app_version, "1.2.3");
    EXPECT_EQ(config.database.username, "0123456");
    EXPECT_EQ(config.data_sources.rate_limits.at("fred").requests_per_minute, 90);
    EXPECT_EQ(load({.variables = {"QUANTBOT_CACHE_SIZE=64"}}).errors().size(), 1U);
}

}  // namespace quantconf::quantbot
