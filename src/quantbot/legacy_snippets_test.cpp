#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

// The owner's own examples, letter by letter: each is a fragment on top of a complete base.

TEST(LegacySnippets, flat_development_file_loads_as_it_stands) {
    const Loaded bot = load_overlay(R"(# development.yaml
environment: "development"
debug: true
max_position_size: 0.01  # Conservative for dev
cache_max_size_mb: 128   # Smaller cache
)");
    ASSERT_TRUE(bot.ok()) << bot.report();
    EXPECT_EQ(bot.warnings(), Said{});
    EXPECT_EQ(bot.said(Severity::Note), Said{"QC1303 trading.max_position_size"}) << bot.report();
    const Config config = bot.config();
    EXPECT_EQ(config.environment, Environment::Development);
    EXPECT_TRUE(config.debug);
    EXPECT_EQ(config.trading.max_position_size, 0.01);
    EXPECT_EQ(config.trading.max_daily_loss, 1000.0);  // Of the base.
    EXPECT_EQ(config.cache_max_size_mb, 128);
}

TEST(LegacySnippets, flat_production_file_loads_as_it_stands) {
    const Loaded bot = load_overlay(R"(# production.yaml
environment: "production"
debug: false
max_position_size: 0.05  # Higher for production
cache_max_size_mb: 1024  # Large cache
grafana_enabled: true    # Full monitoring stack
)",
                                    Environment::Production);
    ASSERT_TRUE(bot.ok()) << bot.report();
    EXPECT_EQ(bot.warnings(), Said{});
    EXPECT_EQ(bot.said(Severity::Note).size(), 2U) << bot.report();
    const Config config = bot.config();
    EXPECT_EQ(config.environment, Environment::Production);
    EXPECT_FALSE(config.debug);
    EXPECT_EQ(config.trading.max_position_size, 0.05);
    EXPECT_EQ(config.cache_max_size_mb, 1024);
    EXPECT_TRUE(config.monitoring.grafana_enabled);
}

TEST(LegacySnippets, keys_and_rate_limits_load_as_they_stand) {
    const Loaded bot = load_overlay(R"(data_sources:
  polygon_api_key: "SECURE:polygon_key"      # Encrypted storage
  finnhub_api_key: "SECURE:finnhub_key"     # Secure references

  rate_limits:
    polygon:
      requests_per_minute: 300     # Production limits
      backoff_factor: 1.5          # Intelligent backoff
    finnhub:
      requests_per_minute: 60      # Provider-specific limits
      max_retries: 3               # Retry configuration
)");
    ASSERT_TRUE(bot.ok()) << bot.report();
    EXPECT_EQ(bot.report(), "");
    const DataSources sources = bot.config().data_sources;
    EXPECT_EQ(sources.polygon_api_key.reference(), "SECURE:polygon_key");
    EXPECT_EQ(sources.finnhub_api_key.reference(), "SECURE:finnhub_key");
    EXPECT_EQ(sources.rate_limits.at("polygon").requests_per_minute, 300);
    EXPECT_EQ(sources.rate_limits.at("polygon").backoff_factor, 1.5);
    EXPECT_EQ(sources.rate_limits.at("finnhub").requests_per_minute, 60);
    EXPECT_EQ(sources.rate_limits.at("finnhub").max_retries, 3);
}

TEST(LegacySnippets, deployment_for_development_loads_as_it_stands) {
    const Loaded bot = load_overlay(R"(# deployment, development
environment: "development"
debug: true
trading:
  max_position_size: 0.01    # Conservative for testing
  max_daily_loss: 100.0      # Low risk limits
cache_max_size_mb: 128       # Smaller footprint
max_concurrent_requests: 5   # Fewer API calls
)");
    ASSERT_TRUE(bot.ok()) << bot.report();
    EXPECT_EQ(bot.report(), "");
    const Config config = bot.config();
    EXPECT_TRUE(config.debug);
    EXPECT_EQ(config.trading.max_position_size, 0.01);
    EXPECT_EQ(config.trading.max_daily_loss, 100.0);
    EXPECT_EQ(config.cache_max_size_mb, 128);
    EXPECT_EQ(config.max_concurrent_requests, 5);
}

TEST(LegacySnippets, deployment_for_production_loads_with_one_warning_about_the_webhook) {
    const Loaded bot = load_overlay(R"(# deployment, production
environment: "production"
debug: false
trading:
  max_position_size: 0.05    # Higher position sizes
  max_daily_loss: 5000.0     # Realistic loss limits
cache_max_size_mb: 1024      # Large cache for performance
max_concurrent_requests: 20  # Full API utilization
monitoring:
  grafana_enabled: true      # Full monitoring stack
  prometheus_enabled: true   # Metrics collection
  alert_webhook_url: "https://hooks.slack.com/..."
)",
                                    Environment::Production);
    ASSERT_TRUE(bot.ok()) << bot.report();
    EXPECT_EQ(bot.warnings(), Said{"QC1603 monitoring.alert_webhook_url"}) << bot.report();
    EXPECT_FALSE(bot.mentions("hooks.slack.com"));
    const Config config = bot.config();
    EXPECT_EQ(config.trading.max_position_size, 0.05);
    EXPECT_EQ(config.trading.max_daily_loss, 5000.0);
    EXPECT_EQ(config.cache_max_size_mb, 1024);
    EXPECT_EQ(config.max_concurrent_requests, 20);
    EXPECT_TRUE(config.monitoring.grafana_enabled);
    EXPECT_TRUE(config.monitoring.prometheus_enabled);
    EXPECT_FALSE(config.monitoring.alert_webhook_url.empty());
}

TEST(LegacySnippets, section_that_the_old_template_wrote_loads_as_it_stands) {
    const Loaded bot = load({.environment = Environment::Staging, .base = R"(database:
  database: quantbot_prod
  host: localhost
  password: SECURE:database_password
  port: 5432
  username: quantbot
trading:
  commission_per_contract: 1.0
  max_daily_loss: 5000
  max_position_size: 0.05
  risk_free_rate: 0.05
  slippage_bps: 5
data_sources:
  alpha_vantage_api_key: SECURE:alpha_vantage_key
  finnhub_api_key: SECURE:finnhub_key
  fred_api_key: SECURE:fred_key
  newsapi_key: SECURE:newsapi_key
  openweather_api_key: SECURE:openweather_key
  polygon_api_key: SECURE:polygon_key
  rate_limits:
    finnhub:
      requests_per_minute: 60
    polygon:
      requests_per_minute: 300
monitoring:
  enable_metrics: true
  grafana_enabled: false
  log_level: INFO
  metrics_port: 8080
  prometheus_enabled: false
)"});
    EXPECT_TRUE(bot.ok());
    EXPECT_EQ(bot.report(), "");
}

TEST(LegacySnippets, four_variables_of_the_specification_work) {
    const std::vector<std::string> variables = {
        "QUANTBOT_ENVIRONMENT=production", "QUANTBOT_DATABASE_HOST=prod-db.quantbot.internal",
        "QUANTBOT_TRADING_MAX_POSITION_SIZE=0.05", "QUANTBOT_MONITORING_LOG_LEVEL=INFO",
        "QUANTBOT_DATABASE_SSL_MODE=require"};  // Not one of the four; production asks for it.
    const Loaded bot = load({.environment = Environment::Production, .variables = variables});
    ASSERT_TRUE(bot.ok()) << bot.report();
    EXPECT_EQ(bot.report(), "");
    const Config config = bot.config();
    EXPECT_EQ(config.environment, Environment::Production);
    EXPECT_EQ(config.database.host, "prod-db.quantbot.internal");
    EXPECT_EQ(config.trading.max_position_size, 0.05);
    EXPECT_EQ(config.monitoring.log_level, LogLevel::Info);
}

}  // namespace quantconf::quantbot
