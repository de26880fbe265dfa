#include <algorithm>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "layers/load.hpp"
#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

namespace {

Loaded load_folder(const char* folder, Environment environment, std::vector<std::string> variables = {}) {
    const DiskFiles disk;
    layers::Inputs inputs;
    inputs.schema = &Config::schema();
    inputs.files = &disk;
    inputs.config_dir = std::string{QUANTCONF_SOURCE_DIR} + "/examples/" + folder;
    inputs.environment = environment;
    inputs.variables = std::move(variables);
    inputs.use_dotenv = false;
    auto candidate = layers::load(inputs);
    EXPECT_TRUE(candidate) << to_text(candidate.error());
    return {*candidate};
}

std::string read(const std::string& path) {
    std::ifstream file{std::string{QUANTCONF_SOURCE_DIR} + "/examples/" + path};
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TEST(Examples, are_valid_and_silent_in_every_environment) {
    for (const Environment environment : kEnvironments) {
        const Loaded bot = load_folder("config", environment);
        EXPECT_TRUE(bot.ok()) << name_of(environment);
        EXPECT_EQ(bot.report(), "") << name_of(environment);
    }
}

TEST(Examples, hold_the_values_of_the_specification) {
    const Config production = load_folder("config", Environment::Production).config();
    EXPECT_EQ(production.trading.max_position_size, 0.05);
    EXPECT_EQ(production.trading.max_daily_loss, 5000.0);
    EXPECT_EQ(production.cache_max_size_mb, 1024);
    EXPECT_EQ(production.max_concurrent_requests, 20);
    EXPECT_TRUE(production.monitoring.grafana_enabled);
    EXPECT_TRUE(production.monitoring.prometheus_enabled);
    EXPECT_FALSE(production.monitoring.alert_webhook_url.empty());
    EXPECT_FALSE(production.debug);

    const Config development = load_folder("config", Environment::Development).config();
    EXPECT_EQ(development.trading.max_position_size, 0.01);
    EXPECT_EQ(development.trading.max_daily_loss, 100.0);
    EXPECT_EQ(development.cache_max_size_mb, 128);
    EXPECT_EQ(development.max_concurrent_requests, 5);
    EXPECT_TRUE(development.debug);
}

TEST(Examples, b5_values_of_development_do_not_leak_into_other_environments) {
    const Config development = load_folder("config", Environment::Development).config();
    EXPECT_EQ(development.monitoring.log_level, LogLevel::Debug);
    for (const Environment environment : {Environment::Staging, Environment::Production}) {
        const Config other = load_folder("config", environment).config();
        EXPECT_GT(other.trading.max_position_size, development.trading.max_position_size);
        EXPECT_EQ(other.monitoring.log_level, LogLevel::Info);
        EXPECT_NE(other.database.database, development.database.database);
        EXPECT_NE(other.database.host, "localhost");
    }
}

TEST(Examples, contain_no_secret_but_names_of_secrets) {
    const Config production = load_folder("config", Environment::Production).config();
    EXPECT_EQ(production.database.password.reference(), "SECURE:database_password");
    EXPECT_EQ(production.data_sources.polygon_api_key.reference(), "SECURE:polygon_key");
    EXPECT_EQ(production.monitoring.alert_webhook_url.reference(), "SECURE:alert_webhook_url");
}

TEST(Examples, local_file_is_valid_where_it_is_allowed_and_refused_in_production) {
    for (const Environment environment : {Environment::Development, Environment::Production}) {
        MemoryFiles files;
        files.put("config/base.yaml", read("config/base.yaml"));
        const auto name = std::string{name_of(environment)} + ".yaml";
        files.put("config/" + name, read("config/" + name));
        files.put("config/local.yaml", read("config/local.yaml.example"));
        layers::Inputs inputs;
        inputs.schema = &Config::schema();
        inputs.files = &files;
        inputs.environment = environment;
        const auto candidate = layers::load(inputs);
        ASSERT_TRUE(candidate);
        const Loaded bot{*candidate};
        if (environment == Environment::Development) {
            EXPECT_EQ(bot.report(), "");
        } else {
            EXPECT_EQ(bot.errors().front().substr(0, 6), "QC1004") << bot.report();
        }
    }
}

TEST(Examples, variables_of_the_dotenv_file_exist_once_their_comment_sign_is_gone) {
    std::vector<std::string> variables;
    std::string text = read("config/.env.example");
    for (auto at = text.find("# QUANTBOT_"); at != std::string::npos; at = text.find("# QUANTBOT_", at + 1)) {
        variables.push_back(text.substr(at + 2, text.find('\n', at) - at - 2));
    }
    EXPECT_GE(variables.size(), 4U);
    const Loaded bot = load_folder("config", Environment::Production, variables);
    EXPECT_TRUE(bot.ok());
    EXPECT_EQ(bot.report(), "");
}

TEST(Examples, broken_folder_shows_all_its_mistakes_in_one_run) {
    const Loaded bot = load_folder("broken", Environment::Production);
    EXPECT_FALSE(bot.ok());
    const auto errors = bot.errors();
    for (const char* expected :
         {"QC1215 timezone", "QC1218 cache_enabled", "QC1204 worker_threads", "QC1202 trading.slippage_bps",
          "QC1208 monitoring.thresholds.latency", "QC1203 trading.max_position_size",
          "QC1301 trading.max_possition_size", "QC1301 cache",
          "QC1203 data_sources.rate_limits.polygon.requests_per_minute", "QC1701 debug",
          "QC1701 database.ssl_mode"}) {
        EXPECT_NE(std::ranges::find(errors, expected), errors.end()) << expected << '\n' << bot.report();
    }
    EXPECT_EQ(errors.size(), 11U) << bot.report();
}

}  // namespace quantconf::quantbot
