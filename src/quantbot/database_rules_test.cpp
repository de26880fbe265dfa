#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

namespace {

constexpr std::string_view kTrading = R"(trading:
  max_position_size: 0.02
  max_daily_loss: 1000.0
  risk_free_rate: 0.05
  commission_per_contract: 1.0
  slippage_bps: 5
)";

Loaded load_database(std::string_view section) {
    return load({.base = std::string{kTrading} + "database: " + std::string{section} + "\n"});
}

}  // namespace

TEST(DatabaseRules, login_by_name_needs_all_three_parts) {
    EXPECT_TRUE(load_database("{username: a, password: \"SECURE:b\", database: c}").ok());
    EXPECT_EQ(load_database("{password: \"SECURE:b\", database: c}").errors(),
              Said{"QC1701 database.username"});
    EXPECT_EQ(load_database("{username: a, database: c}").errors(), Said{"QC1701 database.password"});
    EXPECT_EQ(load_database("{username: a, password: \"SECURE:b\"}").errors(),
              Said{"QC1701 database.database"});
    EXPECT_TRUE(load_database("{username: a, database: c}").mentions("without database.dsn"));
}

TEST(DatabaseRules, missing_section_names_all_that_is_missing) {
    const Loaded bot = load({.base = std::string{kTrading}});
    const Said expected = {"QC1701 database.database", "QC1701 database.password",
                           "QC1701 database.username"};
    EXPECT_EQ(bot.errors(), expected) << bot.report();
}

TEST(DatabaseRules, dsn_stands_alone) {
    EXPECT_TRUE(load_database("{dsn: \"SECURE:dsn\"}").ok());
    EXPECT_TRUE(load_database("{dsn: \"SECURE:dsn\", pool_size: 5, ssl_mode: require}").ok());
    EXPECT_EQ(load_database("{dsn: \"SECURE:dsn\", username: a}").errors(), Said{"QC1701 database.username"});
    EXPECT_EQ(load_database("{dsn: \"SECURE:dsn\", password: \"SECURE:b\"}").errors(),
              Said{"QC1701 database.password"});
    EXPECT_EQ(load_database("{dsn: \"SECURE:dsn\", database: c}").errors(), Said{"QC1701 database.database"});
    EXPECT_EQ(load_database("{dsn: \"SECURE:dsn\", host: db.example.com}").errors(),
              Said{"QC1701 database.host"});
    EXPECT_EQ(load_database("{dsn: \"SECURE:dsn\", port: 5432}").errors(), Said{"QC1701 database.port"});
}

TEST(DatabaseRules, lower_layer_is_taken_away_as_the_hint_says) {
    const Loaded both = load_overlay("database: {dsn: \"SECURE:dsn\"}\n");
    EXPECT_EQ(both.errors().size(), 3U) << both.report();
    EXPECT_TRUE(both.mentions("username: !delete"));
    const Loaded one = load_overlay(
        "database:\n  dsn: \"SECURE:dsn\"\n  username: !delete\n  password: !delete\n  database: !delete\n");
    EXPECT_TRUE(one.ok()) << one.report();
}

}  // namespace quantconf::quantbot
