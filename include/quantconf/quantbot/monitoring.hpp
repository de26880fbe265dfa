#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "quantconf/schema.hpp"

namespace quantconf::quantbot {

/// Least severe message that is written. The texts are those of Python's logging, in capitals.
enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error, Critical };
enum class LogFormat : std::uint8_t { Text, Json };
/// Whose message shape an alert has.
enum class WebhookFormat : std::uint8_t { Slack, Discord, Teams, PagerDuty, Generic };

/// Alerts by mail. Without this section no mail is sent.
struct Smtp {
    std::string host;
    std::uint16_t port = 587;
    std::optional<std::string> username;
    Secret password;
    std::string from;
    std::vector<std::string> to;
    bool starttls = true;

    static Fields fields();
};

/// Beyond which health turns bad and an alert is sent.
struct Thresholds {
    double error_rate = 0.05;                       ///< Failed requests, of all in five minutes.
    Duration latency = std::chrono::seconds{5};     ///< 95 of 100 answers are faster.
    Duration staleness = std::chrono::minutes{15};  ///< Since the last good answer of a source.
    double quota_used = 0.8;                        ///< Of any window of a provider.
    int consecutive_reload_failures = 1;

    static Fields fields();
};

/// The `monitoring` section.
struct Monitoring {
    LogLevel log_level = LogLevel::Info;
    LogFormat log_format = LogFormat::Text;
    std::optional<std::string> log_path;
    ByteSize log_max_size{std::uint64_t{64} * 1024 * 1024};
    int log_backups = 5;
    bool enable_metrics = true;
    std::uint16_t metrics_port = 8080;
    bool grafana_enabled = false;
    bool prometheus_enabled = false;
    Secret alert_webhook_url;
    WebhookFormat alert_webhook_format = WebhookFormat::Slack;
    Duration alert_min_interval = std::chrono::minutes{5};
    std::optional<Smtp> smtp;
    Thresholds thresholds;

    static Fields fields();
};

}  // namespace quantconf::quantbot

template <>
struct quantconf::EnumTable<quantconf::quantbot::LogLevel> {
    using L = quantbot::LogLevel;
    static constexpr std::array names = {
        EnumName{L::Debug, "DEBUG"}, EnumName{L::Info, "INFO"},         EnumName{L::Warning, "WARNING"},
        EnumName{L::Error, "ERROR"}, EnumName{L::Critical, "CRITICAL"},
    };
};

template <>
struct quantconf::EnumTable<quantconf::quantbot::LogFormat> {
    using L = quantbot::LogFormat;
    static constexpr std::array names = {EnumName{L::Text, "text"}, EnumName{L::Json, "json"}};
};

template <>
struct quantconf::EnumTable<quantconf::quantbot::WebhookFormat> {
    using W = quantbot::WebhookFormat;
    static constexpr std::array names = {
        EnumName{W::Slack, "slack"},         EnumName{W::Discord, "discord"}, EnumName{W::Teams, "teams"},
        EnumName{W::PagerDuty, "pagerduty"}, EnumName{W::Generic, "generic"},
    };
};
