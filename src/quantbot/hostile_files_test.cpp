#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

// What a file or a variable may say in order to do harm, or by mistake, as far as the bot's own fields:
// numbers 57 to 62 of the attack cases, each with every example of its row. What is behind it is tested where
// it is done.
namespace quantconf::quantbot {
namespace {

using Texts = std::vector<std::string>;

std::string repeated(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

/// The only complaint, without its path.
std::string code_of(const Loaded& bot) {
    const Texts errors = bot.errors();
    return errors.size() == 1 ? errors.front().substr(0, errors.front().find(' '))
                              : bot.report().substr(0, 500);
}

TEST(HostileFiles, t57_bombs_depth_sizes_and_masses_of_keys_end_in_one_error_each) {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int level = 1; level < 9; ++level) {
        bomb += fmt::format("a{0}: &a{0} [{1}]\n", level, repeated(fmt::format("*a{}, ", level - 1), 9));
    }
    EXPECT_EQ(code_of(load_overlay(bomb)), "QC1115");
    EXPECT_EQ(code_of(load_overlay("a: " + repeated("[", 100'000))), "QC1113");
    EXPECT_EQ(code_of(load_overlay("a: " + repeated("{b: ", 100'000))), "QC1113");
    EXPECT_EQ(code_of(load_overlay(std::string(100'000'000, '#'))), "QC1003");
    std::string keys;
    for (int i = 0; i < 1'000'000; ++i) {
        keys += fmt::format("k{}: \n", i);
    }
    EXPECT_EQ(code_of(load_overlay(keys)), "QC1114");
}

TEST(HostileFiles, t58_a_key_that_stands_twice_is_an_error_that_shows_both_lines) {
    const Loaded bot = load_overlay("debug: true\ncache_ttl_seconds: 5\ndebug: false\n");
    EXPECT_EQ(bot.errors(), Texts{"QC1102 debug"});
    EXPECT_TRUE(bot.mentions("development.yaml:3:1")) << bot.report();
    EXPECT_TRUE(bot.mentions("development.yaml:1:1")) << bot.report();
}

TEST(HostileFiles, t59_a_scalar_becomes_no_other_value_than_the_one_that_is_written) {
    for (const auto* text :
         {".nan", ".inf", "-.inf", "1e400", "-1e400", "010", "no", "12:30", "1_", "5 %", "~"}) {
        EXPECT_FALSE(load_value("trading.risk_free_rate", text).ok()) << text;
        EXPECT_FALSE(load_value("cache_ttl_seconds", text).ok()) << text;
    }
    EXPECT_EQ(load_value("cache_ttl_seconds", "1_000").config().cache_ttl_seconds, 1000);
    EXPECT_EQ(load_value("trading.risk_free_rate", "-0.0").config().trading.risk_free_rate, 0.0);
    for (const auto* text : {"no", "010", "1e400", "12:30", "1_000", ".nan", "-0.0"}) {
        EXPECT_EQ(load_value("app_name", text).config().app_name, text);
    }
    EXPECT_FALSE(load_value("debug", "0").ok());
    EXPECT_FALSE(load_value("debug", "1e0").ok());
}

TEST(HostileFiles, t60_a_misspelt_key_is_an_error_that_knows_the_right_one) {
    const Loaded bot = load_value("trading.max_postion_size", "0.05");
    EXPECT_EQ(bot.errors(), Texts{"QC1301 trading.max_postion_size"});
    EXPECT_TRUE(bot.mentions("max_position_size")) << bot.report();
}

TEST(HostileFiles, t61_a_variable_of_the_wrong_type_or_with_a_secret_in_it_is_an_error) {
    EXPECT_EQ(code_of(load({.variables = {"QUANTBOT_CACHE_TTL_SECONDS=soon"}})), "QC1201");
    EXPECT_EQ(code_of(load({.variables = {"QUANTBOT_TRADING_MAX_POSITION_SIZE=5"}})), "QC1203");
    EXPECT_FALSE(load({.variables = {"QUANTBOT_DEBUG=maybe"}}).ok());
    const Loaded secret = load({.variables = {"QUANTBOT_DATA_SOURCES_POLYGON_API_KEY=pasted-by-hand"}});
    EXPECT_FALSE(secret.ok());
    EXPECT_FALSE(secret.mentions("pasted-by-hand"));
    EXPECT_FALSE(load_value("data_sources.polygon_api_key", "pasted-by-hand").warnings().empty())
        << "a literal where a reference belongs";
}

TEST(HostileFiles, t62_what_only_resembles_a_reference_is_none) {
    for (const std::string& reference :
         {std::string{"SECURE:"}, std::string{"SECURE:../x"}, std::string{"SECURE:SECURE:x"},
          std::string{"SECURE:a\\0b"}, std::string{"SECURE:${database.username}"},
          std::string{"SECURE:schl\u00fcssel"}, "SECURE:" + std::string(10'240, 'x'),
          "SECURE:" + std::string(129, 'x')}) {
        const Loaded bot = load_value("data_sources.polygon_api_key", '"' + reference + '"');
        EXPECT_FALSE(bot.ok()) << reference.substr(0, 40);
    }
    EXPECT_TRUE(load_value("data_sources.polygon_api_key", "\"SECURE:" + std::string(128, 'x') + '"').ok());
    EXPECT_FALSE(load_overlay("\"SECURE:key\": 1\n").ok()) << "in a key it is a key";
    EXPECT_FALSE(load_value("data_sources.rate_limits.\"SECURE:x\".requests_per_minute", "1").ok());
}

}  // namespace
}  // namespace quantconf::quantbot
