#include "quantconf/quantbot/monitoring.hpp"

namespace quantconf::quantbot {

namespace {

constexpr ByteSize mebibytes(std::uint64_t count) {
    return {count * 1024 * 1024};
}

// clang-format off: one entry per key, the options beneath it.
Fields log_fields() {
    return {
        field<&Monitoring::log_level>("log_level",
                                      {
                                          .help = "Least severe message that is written.",
                                      }),
        field<&Monitoring::log_format>("log_format",
                                       {
                                           .help = "Lines for people, or one JSON object a line.",
                                           .reload = Reload::Restart,
                                       }),
        field<&Monitoring::log_path>(
            "log_path",
            {
                .help = "File that the log is written to; standard error if not set.",
                .min_length = 1,
                .max_length = 4095,  // PATH_MAX without its final zero.
                .reload = Reload::Restart,
                .examples = {"logs/quantbot.log"},
            }),
        field<&Monitoring::log_max_size>(
            "log_max_size",
            {
                .help = "Size at which a log file is closed and a new one begun.",
                .min = mebibytes(1),
                .max = mebibytes(10 * 1024),
                .reload = Reload::Restart,
            }),
        field<&Monitoring::log_backups>("log_backups",
                                        {
                                            .help = "Closed log files that are kept.",
                                            .unit = "files",
                                            .min = 0,
                                            .max = 1000,
                                            .reload = Reload::Restart,
                                        }),
    };
}

Fields metrics_fields() {
    return {
        field<&Monitoring::enable_metrics>("enable_metrics",
                                           {
                                               .help = "Whether figures are collected at all.",
                                               .reload = Reload::Restart,
                                           }),
        field<&Monitoring::metrics_port>(
            "metrics_port",
            {
                .help = "TCP port on which they are served. Ports below 1024 would need root.",
                .as = Type::Port,
                .min = 1024,
                .max = 65535,
                .reload = Reload::Restart,
            }),
        field<&Monitoring::grafana_enabled>("grafana_enabled",
                                            {
                                                .help = "Whether the Grafana dashboards are provided.",
                                                .reload = Reload::Restart,
                                                .aliases = {"grafana_enabled"},
                                            }),
        field<&Monitoring::prometheus_enabled>(
            "prometheus_enabled",
            {
                .help = "Whether Prometheus may collect the figures; needs enable_metrics.",
                .reload = Reload::Restart,
                .aliases = {"prometheus_enabled"},
            }),
    };
}

Fields alert_fields() {
    return {
        field<&Monitoring::alert_webhook_url>(
            "alert_webhook_url",
            {
                // Whoever has the address can write into the channel, but cannot trade: a warning is enough.
                .help = "Where alerts are posted. Better a reference; the address itself is accepted with a "
                        "warning.",
                .allow_plain_text = true,
                .examples = {"\"SECURE:alert_webhook_url\""},
            }),
        field<&Monitoring::alert_webhook_format>("alert_webhook_format",
                                                 {
                                                     .help = "Whose message shape an alert has.",
                                                 }),
        field<&Monitoring::alert_min_interval>(
            "alert_min_interval",
            {
                .help = "The same alert is not sent again before this time is over.",
                .min = std::chrono::seconds{10},
                .max = std::chrono::hours{24},
            }),
        field<&Monitoring::smtp>("smtp",
                                 {
                                     .help = "Alerts by mail. Without this section no mail is sent.",
                                 }),
        field<&Monitoring::thresholds>("thresholds",
                                       {
                                           .help = "Beyond which health turns bad and an alert is sent.",
                                       }),
    };
}
// clang-format on

}  // namespace

Fields Monitoring::fields() {
    return Fields::join(log_fields(), metrics_fields(), alert_fields());
}

}  // namespace quantconf::quantbot
