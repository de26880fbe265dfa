#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

namespace {

const Variable* variable(std::string_view name) {
    const auto& all = Config::schema().variables();
    const auto found = std::ranges::find(all, name, &Variable::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

TEST(Config, schema_contradicts_itself_nowhere) {
    SchemaOptions options = Config::schema().options();
    options.is_proved = false;
    const auto built = Schema::build(detail::root_field<Config>(), std::move(options));
    EXPECT_TRUE(built.has_value()) << to_text(built ? Diagnostic{} : built.error().front());
}

TEST(Config, every_variable_name_means_one_field) {
    std::set<std::string> names;
    for (const Variable& each : Config::schema().variables()) {
        EXPECT_TRUE(names.insert(each.name).second) << each.name;
    }
    ASSERT_NE(variable("QUANTBOT_TRADING_MAX_POSITION_SIZE"), nullptr);
    EXPECT_EQ(variable("QUANTBOT_TRADING_MAX_POSITION_SIZE")->path, "trading.max_position_size");
    ASSERT_NE(variable("QUANTBOT_DATA_SOURCES_RATE_LIMITS_ALPHA_VANTAGE_REQUESTS_PER_DAY"), nullptr);
    EXPECT_EQ(variable("QUANTBOT_DATA_SOURCES_RATE_LIMITS_ALPHA_VANTAGE_REQUESTS_PER_DAY")->path,
              "data_sources.rate_limits.alpha_vantage.requests_per_day");
}

TEST(Config, every_field_explains_itself) {
    for (const Variable& each : Config::schema().variables()) {
        ASSERT_NE(each.field, nullptr) << each.name;
        if (!each.field->name.empty()) {  // The lists of failover are explained by their section.
            EXPECT_NE(each.field->options.help, "") << each.path;
        }
    }
}

TEST(Config, old_places_lead_to_new_ones) {
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"grafana_enabled", "monitoring.grafana_enabled"},
        {"max_daily_loss", "trading.max_daily_loss"},
        {"max_position_size", "trading.max_position_size"},
        {"prometheus_enabled", "monitoring.prometheus_enabled"},
    };
    EXPECT_EQ(Config::schema().aliases(), expected);
}

TEST(Config, local_yaml_is_for_every_environment_but_production) {
    const auto& allowed = Config::schema().options().local_yaml;
    EXPECT_EQ(std::ranges::count(allowed, Environment::Production), 0);
    EXPECT_EQ(allowed.size(), 3U);
}

TEST(Config, limits_of_trading_know_their_dangerous_direction) {
    for (const char* path : {"trading.max_position_size", "trading.max_daily_loss"}) {
        const Field* field = Config::schema().find(path);
        ASSERT_NE(field, nullptr);
        EXPECT_EQ(field->options.risk, Risk::Up) << path;
        EXPECT_EQ(field->options.reload, Reload::Live) << path;
    }
}

TEST(Config, every_credential_is_a_secret) {
    for (const char* path :
         {"database.password", "database.dsn", "data_sources.polygon_api_key", "data_sources.finnhub_api_key",
          "data_sources.alpha_vantage_api_key", "data_sources.newsapi_key",
          "data_sources.openweather_api_key", "data_sources.fred_api_key", "data_sources.stocktwits_token",
          "data_sources.gnews_key", "data_sources.reddit_client_id", "data_sources.reddit_client_secret",
          "data_sources.openai_api_key", "monitoring.alert_webhook_url", "monitoring.smtp.password"}) {
        const Field* field = Config::schema().find(path);
        ASSERT_NE(field, nullptr) << path;
        EXPECT_EQ(field->type, Type::Secret) << path;
    }
}

TEST(Config, environment_is_the_chosen_one_although_no_file_says_so) {
    EXPECT_EQ(load({.environment = Environment::Production}).config().environment, Environment::Production);
    EXPECT_EQ(load({.environment = Environment::Testing}).config().environment, Environment::Testing);
}

}  // namespace quantconf::quantbot
