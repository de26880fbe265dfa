#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

namespace {

Loaded load_monitoring(std::string_view section, Environment environment = Environment::Development) {
    return load_overlay("monitoring: " + std::string{section} + "\n", environment);
}

}  // namespace

TEST(MonitoringRules, prometheus_needs_something_to_collect) {
    EXPECT_TRUE(load_monitoring("{prometheus_enabled: true}").ok());
    EXPECT_TRUE(load_monitoring("{enable_metrics: false}").ok());
    const Loaded bot = load_monitoring("{prometheus_enabled: true, enable_metrics: false}");
    EXPECT_EQ(bot.errors(), Said{"QC1701 monitoring.prometheus_enabled"}) << bot.report();
    EXPECT_TRUE(bot.mentions("nothing to collect"));
}

TEST(MonitoringRules, metrics_do_not_take_the_port_of_a_database_on_this_machine) {
    const Loaded bot = load_monitoring("{metrics_port: 5432}");
    EXPECT_EQ(bot.errors(), Said{"QC1701 monitoring.metrics_port"}) << bot.report();
    EXPECT_TRUE(load_monitoring("{metrics_port: 5432, enable_metrics: false}").ok());
    EXPECT_TRUE(load_overlay("monitoring: {metrics_port: 5432}\ndatabase: {host: db.example.com}\n").ok());
    EXPECT_TRUE(load_overlay("monitoring: {metrics_port: 5432}\ndatabase: {port: 5433}\n").ok());
}

TEST(MonitoringRules, webhook_is_a_reference_or_an_https_address) {
    EXPECT_EQ(load_monitoring("{alert_webhook_url: \"SECURE:hook\"}", Environment::Production).report(), "");
    for (const Environment environment : kEnvironments) {
        const Loaded literal =
            load_monitoring("{alert_webhook_url: \"https://hooks.example.com/x\"}", environment);
        EXPECT_TRUE(literal.ok()) << literal.report();
        EXPECT_EQ(literal.warnings(), Said{"QC1603 monitoring.alert_webhook_url"}) << literal.report();
        EXPECT_FALSE(literal.mentions("hooks.example.com"));
    }
    for (const char* text :
         {"hooks.example.com/x", "http://hooks.example.com/x", "https://hooks example.com"}) {
        const Loaded bot = load_monitoring("{alert_webhook_url: \"" + std::string{text} + "\"}");
        EXPECT_EQ(bot.errors(), Said{"QC1701 monitoring.alert_webhook_url"}) << bot.report();
        EXPECT_FALSE(bot.mentions("hooks"));
    }
}

TEST(SmtpRules, mail_is_not_configured_until_somebody_writes_the_section) {
    EXPECT_FALSE(load({}).config().monitoring.smtp.has_value());
    const Loaded bot =
        load_monitoring("{smtp: {host: smtp.example.com, from: a@example.com, to: [b@example.com]}}");
    ASSERT_TRUE(bot.ok()) << bot.report();
    const auto smtp = bot.config().monitoring.smtp;
    ASSERT_TRUE(smtp.has_value());
    EXPECT_EQ(smtp->host, "smtp.example.com");
    EXPECT_EQ(smtp->port, 587);
    EXPECT_TRUE(smtp->starttls);
    EXPECT_EQ(smtp->to, std::vector<std::string>{"b@example.com"});
}

TEST(SmtpRules, begun_section_must_be_finished) {
    const Loaded bot = load_monitoring("{smtp: {host: smtp.example.com}}");
    const Said expected = {"QC1302 monitoring.smtp.from", "QC1302 monitoring.smtp.to"};
    EXPECT_EQ(bot.errors(), expected) << bot.report();
}

TEST(SmtpRules, login_has_a_name_and_a_password) {
    const auto load_login = [](std::string_view login) {
        return load_monitoring("{smtp: {host: smtp.example.com, from: a@example.com, to: [b@example.com], " +
                               std::string{login} + "}}");
    };
    EXPECT_TRUE(load_login("username: a, password: \"SECURE:b\"").ok());
    EXPECT_EQ(load_login("username: a").errors(), Said{"QC1701 monitoring.smtp.username"});
    EXPECT_EQ(load_login("password: \"SECURE:b\"").errors(), Said{"QC1701 monitoring.smtp.password"});
}

TEST(SmtpRules, password_never_travels_unencrypted_to_another_machine) {
    const auto load_server = [](std::string_view server) {
        return load_monitoring(
            "{smtp: {from: a@example.com, to: [b@example.com], username: a, password: \"SECURE:b\", " +
            std::string{server} + "}}");
    };
    const Loaded plain = load_server("host: smtp.example.com, starttls: false");
    EXPECT_EQ(plain.errors(), Said{"QC1701 monitoring.smtp.starttls"}) << plain.report();
    EXPECT_TRUE(load_server("host: smtp.example.com, starttls: true").ok());
    EXPECT_TRUE(load_server("host: smtp.example.com, starttls: false, port: 465").ok());
    EXPECT_TRUE(load_server("host: localhost, starttls: false").ok());
}

}  // namespace quantconf::quantbot
