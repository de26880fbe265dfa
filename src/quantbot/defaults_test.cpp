#include <cmath>

#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

using std::chrono::hours;

TEST(Defaults, of_the_top_level_are_those_of_the_old_bot) {
    const Config config = load({}).config();
    EXPECT_EQ(config.environment, Environment::Development);
    EXPECT_FALSE(config.debug);
    EXPECT_EQ(config.app_name, "QuantBot");
    EXPECT_EQ(config.app_version, "1.0.0");
    EXPECT_EQ(config.timezone, "US/Eastern");
    EXPECT_TRUE(config.cache_enabled);
    EXPECT_EQ(config.cache_ttl_seconds, 3600);
    EXPECT_EQ(config.cache_max_size_mb, 512);
    EXPECT_TRUE(config.async_enabled);
    EXPECT_EQ(config.max_concurrent_requests, 10);
    EXPECT_EQ(config.worker_threads, 4);
}

TEST(Defaults, of_the_database_are_those_of_the_old_bot) {
    const Config config = load({}).config();
    EXPECT_EQ(config.database.host, "localhost");
    EXPECT_EQ(config.database.port, 5432);
    EXPECT_EQ(config.database.pool_size, 10);
    EXPECT_EQ(config.database.ssl_mode, SslMode::Prefer);
    EXPECT_TRUE(config.database.dsn.empty());
}

TEST(Defaults, of_monitoring_are_those_of_the_old_bot) {
    const Config config = load({}).config();
    EXPECT_EQ(config.monitoring.log_level, LogLevel::Info);
    EXPECT_TRUE(config.monitoring.enable_metrics);
    EXPECT_EQ(config.monitoring.metrics_port, 8080);
    EXPECT_FALSE(config.monitoring.grafana_enabled);
    EXPECT_FALSE(config.monitoring.prometheus_enabled);
    EXPECT_TRUE(config.monitoring.alert_webhook_url.empty());
    EXPECT_FALSE(config.monitoring.smtp.has_value());
}

TEST(Defaults, of_credentials_are_none) {
    const DataSources sources = load({}).config().data_sources;
    for (const Secret* secret :
         {&sources.polygon_api_key, &sources.finnhub_api_key, &sources.alpha_vantage_api_key,
          &sources.newsapi_key, &sources.openweather_api_key, &sources.fred_api_key,
          &sources.stocktwits_token, &sources.gnews_key, &sources.reddit_client_id,
          &sources.reddit_client_secret, &sources.openai_api_key}) {
        EXPECT_TRUE(secret->empty());
    }
}

TEST(Defaults, of_requests_per_minute_are_the_owners_table) {
    const auto limits = load({}).config().data_sources.rate_limits;
    EXPECT_EQ(limits.size(), 10U);
    EXPECT_EQ(limits.at("polygon").requests_per_minute, 300);
    EXPECT_EQ(limits.at("finnhub").requests_per_minute, 60);
    EXPECT_EQ(limits.at("alpha_vantage").requests_per_minute, 5);
    EXPECT_EQ(limits.at("newsapi").requests_per_minute, 100);
    EXPECT_EQ(limits.at("openweather").requests_per_minute, 60);
    EXPECT_EQ(limits.at("fred").requests_per_minute, 120);
    EXPECT_EQ(limits.at("stocktwits").requests_per_minute, 200);
    EXPECT_EQ(limits.at("gnews").requests_per_minute, 10);
    EXPECT_EQ(limits.at("reddit").requests_per_minute, 60);
}

TEST(Defaults, of_other_windows_are_what_the_providers_enforce) {
    const auto limits = load({}).config().data_sources.rate_limits;
    EXPECT_EQ(limits.at("finnhub").requests_per_second, 30);
    EXPECT_EQ(limits.at("alpha_vantage").requests_per_second, 1);
    EXPECT_EQ(limits.at("alpha_vantage").requests_per_day, 25);
    EXPECT_EQ(limits.at("newsapi").requests_per_day, 100);
    ASSERT_EQ(limits.at("newsapi").extra_windows.size(), 1U);
    EXPECT_EQ(limits.at("newsapi").extra_windows[0].requests, 50);
    EXPECT_EQ(limits.at("newsapi").extra_windows[0].per, hours{12});
    EXPECT_EQ(limits.at("openweather").requests_per_month, 1'000'000);
    EXPECT_EQ(limits.at("fred").requests_per_second, 2);
    EXPECT_EQ(limits.at("stocktwits").requests_per_hour, 200);
    EXPECT_EQ(limits.at("gnews").requests_per_day, 100);
}

TEST(Defaults, of_retries_are_those_of_the_old_limiter) {
    const auto limits = load({}).config().data_sources.rate_limits;
    for (const auto& [provider, limit] : limits) {
        EXPECT_EQ(limit.max_retries, 3) << provider;
        EXPECT_EQ(limit.timeout_seconds, 30) << provider;
        EXPECT_EQ(limit.max_backoff, std::chrono::seconds{300}) << provider;
        EXPECT_EQ(limit.circuit_breaker_threshold, 5) << provider;
        EXPECT_EQ(limit.circuit_breaker_timeout, std::chrono::seconds{60}) << provider;
    }
    EXPECT_EQ(limits.at("polygon").backoff_factor, 1.5);
    EXPECT_EQ(limits.at("alpha_vantage").backoff_strategy, Backoff::Linear);
    EXPECT_EQ(limits.at("alpha_vantage").backoff_factor, 10.0);
}

TEST(Defaults, of_failover_are_within_the_groups_that_can_replace_each_other) {
    const auto failover = load({}).config().data_sources.failover;
    EXPECT_EQ(failover.size(), 12U);
    EXPECT_EQ(failover.at("macro"), (std::vector{Provider::Fred, Provider::AlphaVantage, Provider::Polygon}));
    EXPECT_EQ(failover.at("weather"), (std::vector{Provider::OpenWeather}));
}

TEST(Defaults, of_trading_do_not_exist_because_a_forgotten_limit_is_not_guessed) {
    const Loaded bot = load({.base = "database: {username: a, password: \"SECURE:b\", database: c}\n"});
    const Said expected = {"QC1302 trading.commission_per_contract", "QC1302 trading.max_daily_loss",
                           "QC1302 trading.max_position_size", "QC1302 trading.risk_free_rate",
                           "QC1302 trading.slippage_bps"};
    EXPECT_EQ(bot.errors(), expected) << bot.report();
}

}  // namespace quantconf::quantbot
