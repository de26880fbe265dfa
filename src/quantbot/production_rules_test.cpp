#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

namespace {

Loaded load_production(std::string overlay) {
    return load_overlay(std::move(overlay), Environment::Production);
}

}  // namespace

TEST(ProductionRules, debug_is_for_the_other_environments) {
    const Loaded production = load_production("debug: true\n");
    EXPECT_EQ(production.errors(), Said{"QC1701 debug"}) << production.report();
    EXPECT_TRUE(production.mentions("debug: must be false in production"));
    EXPECT_TRUE(production.mentions("production.yaml:1:8"));
    EXPECT_TRUE(load_production("debug: false\n").ok());
    for (const Environment environment :
         {Environment::Development, Environment::Staging, Environment::Testing}) {
        EXPECT_TRUE(load_overlay("debug: true\n", environment).ok()) << name_of(environment);
    }
}

TEST(ProductionRules, database_on_another_machine_is_encrypted) {
    const Loaded plain = load_production("database: {host: db.example.com}\n");
    EXPECT_EQ(plain.errors(), Said{"QC1701 database.ssl_mode"}) << plain.report();
    EXPECT_TRUE(plain.mentions("must be encrypted"));
    EXPECT_FALSE(load_production("database: {host: db.example.com, ssl_mode: disable}\n").ok());
    EXPECT_FALSE(load_production("database: {host: db.example.com, ssl_mode: prefer}\n").ok());
    EXPECT_TRUE(load_production("database: {host: db.example.com, ssl_mode: require}\n").ok());
    EXPECT_TRUE(load_production("database: {host: db.example.com, ssl_mode: verify-ca}\n").ok());
    EXPECT_TRUE(load_production("database: {host: db.example.com, ssl_mode: verify-full}\n").ok());
    EXPECT_TRUE(load_overlay("database: {host: db.example.com}\n", Environment::Staging).ok());
}

TEST(ProductionRules, database_on_this_machine_needs_no_encryption) {
    for (const char* host : {"localhost", "127.0.0.1", "\"::1\"", "/var/run/postgresql"}) {
        const Loaded bot =
            load_production("database: {ssl_mode: disable, host: " + std::string{host} + "}\n");
        EXPECT_TRUE(bot.ok()) << host << '\n' << bot.report();
    }
}

TEST(ProductionRules, dsn_counts_as_another_machine_because_nobody_can_look_into_it) {
    const std::string dsn =
        "database: {dsn: \"SECURE:dsn\", username: !delete , password: !delete , database: !delete }\n";
    const Loaded plain = load_production(dsn);
    EXPECT_EQ(plain.errors(), Said{"QC1701 database.ssl_mode"}) << plain.report();
    const std::string encrypted =
        "database: {dsn: \"SECURE:dsn\", username: !delete , password: !delete , "
        "database: !delete , ssl_mode: require}\n";
    EXPECT_TRUE(load_production(encrypted).ok()) << load_production(encrypted).report();
}

TEST(ProductionRules, secrets_are_references) {
    const Loaded bot = load_production("data_sources: {fred_api_key: plain-text-of-a-key}\n");
    EXPECT_EQ(bot.errors(), Said{"QC1603 data_sources.fred_api_key"}) << bot.report();
    EXPECT_FALSE(bot.mentions("plain-text-of-a-key"));
    const Loaded development = load_overlay("data_sources: {fred_api_key: plain-text-of-a-key}\n");
    EXPECT_TRUE(development.ok());
    EXPECT_EQ(development.warnings(), Said{"QC1603 data_sources.fred_api_key"});
}

}  // namespace quantconf::quantbot
