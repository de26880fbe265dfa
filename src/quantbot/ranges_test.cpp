#include <ostream>

#include <gtest/gtest.h>

#include "quantbot/bot_testing.hpp"

namespace quantconf::quantbot {

namespace {

/// A field, the last values inside of its range and the first ones outside.
struct Range {
    const char* path;
    std::vector<const char*> inside;
    std::vector<const char*> outside;

    friend void PrintTo(const Range& range, std::ostream* out) { *out << range.path; }
};

const std::vector<Range> kRanges = {
    {"trading.max_position_size", {"0.01", "1.0", "1"}, {"0.0099", "1.0001", "5", "0", "-0.05"}},
    {"trading.max_daily_loss", {"100", "100.0", "100000"}, {"99.99", "100000.01", "0", "-1"}},
    {"trading.risk_free_rate", {"0", "0.0", "0.1"}, {"-0.0001", "0.1001"}},
    {"trading.commission_per_contract", {"0", "10", "10.0"}, {"-0.01", "10.01"}},
    {"trading.slippage_bps", {"0", "100"}, {"-1", "101"}},
    {"database.port", {"1", "65535"}, {"0", "65536", "70000", "-1"}},
    {"database.pool_size", {"1", "100"}, {"0", "101"}},
    {"monitoring.metrics_port", {"1024", "65535"}, {"1023", "65536"}},
    {"monitoring.log_max_size", {"1MiB", "10GiB"}, {"1048575B", "11GiB"}},
    {"monitoring.log_backups", {"0", "1000"}, {"-1", "1001"}},
    {"monitoring.alert_min_interval", {"10s", "24h"}, {"9s", "25h"}},
    {"monitoring.thresholds.error_rate", {"0.001", "1"}, {"0", "1.01"}},
    {"monitoring.thresholds.latency", {"1ms", "5m"}, {"999us", "301s"}},
    {"monitoring.thresholds.staleness", {"1s", "7d"}, {"999ms", "8d"}},
    {"monitoring.thresholds.quota_used", {"0.001", "1"}, {"0", "1.01"}},
    {"monitoring.thresholds.consecutive_reload_failures", {"1", "100"}, {"0", "101"}},
    {"cache_ttl_seconds", {"1", "604800"}, {"0", "604801", "-1"}},
    {"cache_max_size_mb", {"1", "1048576"}, {"0", "1048577", "-1"}},
    {"max_concurrent_requests", {"1", "1000"}, {"0", "1001"}},
    {"worker_threads", {"1", "1024"}, {"0", "1025"}},
    {"data_sources.key_check_interval", {"5m", "30d"}, {"299s", "31d"}},
    {"data_sources.rate_limits.openai.requests_per_second", {"1", "100000000"}, {"0", "100000001"}},
    {"data_sources.rate_limits.openai.requests_per_minute", {"1", "100000000"}, {"0", "-300", "100000001"}},
    {"data_sources.rate_limits.openai.requests_per_hour", {"1", "100000000"}, {"0", "100000001"}},
    {"data_sources.rate_limits.openai.requests_per_day", {"1", "100000000"}, {"0", "100000001"}},
    {"data_sources.rate_limits.openai.requests_per_month", {"1", "100000000"}, {"0", "100000001"}},
    {"data_sources.rate_limits.openai.burst_limit", {"1", "10000"}, {"0", "10001"}},
    {"data_sources.rate_limits.openai.backoff_factor", {"1", "60"}, {"0.99", "60.1"}},
    {"data_sources.rate_limits.openai.max_backoff", {"1s", "24h"}, {"999ms", "25h"}},
    {"data_sources.rate_limits.openai.max_retries", {"0", "10"}, {"-1", "11"}},
    {"data_sources.rate_limits.openai.timeout_seconds", {"1", "300"}, {"0", "301"}},
    {"data_sources.rate_limits.openai.circuit_breaker_threshold", {"1", "100"}, {"0", "101"}},
    {"data_sources.rate_limits.openai.circuit_breaker_timeout", {"1s", "1h"}, {"999ms", "61m"}},
};

class Ranges : public testing::TestWithParam<Range> {};

TEST_P(Ranges, end_where_the_tables_say) {
    const auto& [path, inside, outside] = GetParam();
    for (const char* text : inside) {
        const Loaded bot = load_value(path, text);
        EXPECT_TRUE(bot.ok()) << text << '\n' << bot.report();
    }
    for (const char* text : outside) {
        const Loaded bot = load_value(path, text);
        EXPECT_EQ(bot.errors(), Said{std::string{"QC1203 "} + path}) << text << '\n' << bot.report();
    }
}

INSTANTIATE_TEST_SUITE_P(Every, Ranges, testing::ValuesIn(kRanges));

/// A field whose values are words, all of them, and some that are none.
struct Words {
    const char* path;
    std::vector<const char*> good;
    std::vector<const char*> bad;
    const char* code = "QC1211";

    friend void PrintTo(const Words& words, std::ostream* out) { *out << words.path; }
};

const std::vector<Words> kWords = {
    {"database.ssl_mode",
     {"disable", "prefer", "require", "verify-ca", "verify-full"},
     {"allow", "Require", "true"}},
    {"monitoring.log_level", {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}, {"info", "WARN", "TRACE"}},
    {"monitoring.log_format", {"text", "json"}, {"xml"}},
    {"monitoring.alert_webhook_format",
     {"slack", "discord", "teams", "pagerduty", "generic"},
     {"mattermost"}},
    {"data_sources.rate_limits.openai.plan", {"free", "paid"}, {"gratis"}},
    {"data_sources.rate_limits.openai.strategy",
     {"fixed_window", "sliding_window", "token_bucket", "leaky_bucket", "adaptive"},
     {"sliding"}},
    {"data_sources.rate_limits.openai.backoff_strategy",
     {"exponential", "linear", "fibonacci", "jitter", "adaptive"},
     {"random"}},
    {"data_sources.rate_limits.openai.priority", {"critical", "high", "medium", "low"}, {"urgent"}},
    {"timezone", {"US/Eastern", "Europe/Berlin", "UTC"}, {"US/Estern", "EST5"}, "QC1215"},
    {"database.host",
     {"localhost", "prod-db.quantbot.internal", "10.0.0.5", "::1", "fe80::1", "my_db", "/var/run/postgresql"},
     {"db:5432", "a b", "-db", "https://db", "user@db"},
     "QC1210"},
};

class WordFields : public testing::TestWithParam<Words> {};

TEST_P(WordFields, take_their_words_and_no_others) {
    const auto& [path, good, bad, code] = GetParam();
    for (const char* text : good) {
        const Loaded bot = load_value(path, text);
        EXPECT_TRUE(bot.ok()) << text << '\n' << bot.report();
    }
    for (const char* text : bad) {
        const Loaded bot = load_value(path, text);
        EXPECT_EQ(bot.errors(), Said{std::string{code} + " " + path}) << text << '\n' << bot.report();
    }
}

INSTANTIATE_TEST_SUITE_P(Every, WordFields, testing::ValuesIn(kWords));

}  // namespace

TEST(Ranges, of_extra_windows_end_where_the_table_says) {
    const auto load_window = [](std::string_view text) {
        return load_value("data_sources.rate_limits.openai.extra_windows", text);
    };
    EXPECT_TRUE(load_window("[{requests: 1, per: 1s}, {requests: 100000000, per: 31d}]").ok());
    EXPECT_FALSE(load_window("[{requests: 0, per: 1s}]").ok());
    EXPECT_FALSE(load_window("[{requests: 1, per: 999ms}]").ok());
    EXPECT_FALSE(load_window("[{requests: 1, per: 32d}]").ok());
    EXPECT_FALSE(load_window("[{requests: 1}]").ok());
}

TEST(Ranges, of_mail_addresses_need_a_name_and_a_domain) {
    const auto load_mail = [](std::string_view from, std::string_view to) {
        return load_value("monitoring.smtp", "{host: smtp.example.com, from: " + std::string{from} +
                                                 ", to: " + std::string{to} + "}");
    };
    EXPECT_TRUE(load_mail("bot@example.com", "[a@example.com, b@example.com]").ok());
    EXPECT_FALSE(load_mail("bot", "[a@example.com]").ok());
    EXPECT_FALSE(load_mail("bot@example.com", "[a]").ok());
    EXPECT_FALSE(load_mail("bot@example.com", "[]").ok());
}

}  // namespace quantconf::quantbot
