#include <algorithm>

#include <fmt/format.h>

#include "quantbot/loopback.hpp"
#include "quantbot/rules.hpp"

namespace quantconf::quantbot {

namespace {

using Findings = std::vector<Finding>;

Findings prometheus_needs_metrics(const RuleView& view) {
    if (!view.at("monitoring.prometheus_enabled").as_boolean() ||
        view.at("monitoring.enable_metrics").as_boolean()) {
        return {};
    }
    return {{.path = "monitoring.prometheus_enabled",
             .message = "prometheus has nothing to collect while monitoring.enable_metrics is false",
             .expected = "monitoring.enable_metrics: true",
             .found = "false",
             .hint = "set monitoring.enable_metrics: true, or prometheus_enabled: false"}};
}

Findings metrics_port_is_free(const RuleView& view) {
    const auto port = view.at("monitoring.metrics_port").as_integer();
    const bool is_served = view.at("monitoring.enable_metrics").as_boolean();
    const bool is_same_machine = is_loopback(view.at("database.host").as_text());
    const bool uses_host = view.at("database.dsn").is_absent();
    if (!is_served || !uses_host || !is_same_machine || port != view.at("database.port").as_integer()) {
        return {};
    }
    return {{.path = "monitoring.metrics_port",
             .message = fmt::format("port {} of this machine belongs to the database (database.port)", port),
             .expected = "a port of its own",
             .found = fmt::format("{}", port),
             .hint = "choose another port, such as 8080"}};
}

/// Whether a plain-text address can be posted to. A reference is looked at when it is resolved.
bool is_usable_address(std::string_view address) {
    const bool has_blank = std::ranges::any_of(address, [](char c) { return c >= 0 && c <= ' '; });
    return !has_blank && is_https_or_loopback(address);
}

Findings webhook_is_an_address(const RuleView& view) {
    const Value& webhook = view.at("monitoring.alert_webhook_url");
    if (webhook.is_absent() || !webhook.secret_reference().empty() ||
        is_usable_address(webhook.secret_text(grant_secret_access()))) {
        return {};
    }
    return {{.path = "monitoring.alert_webhook_url",
             .message = "is not the address of a webhook",
             .expected = "SECURE:name, or a URL that begins with https://",
             .found = "something else",
             .hint = "store the address and write \"SECURE:alert_webhook_url\""}};
}

}  // namespace

std::vector<Rule> monitoring_rules() {
    return {
        {
            .name = "prometheus_needs_metrics",
            .text = "prometheus_enabled needs enable_metrics.",
            .paths = {"monitoring.prometheus_enabled", "monitoring.enable_metrics"},
            .check = prometheus_needs_metrics,
        },
        {
            .name = "metrics_port_is_free",
            .text = "metrics_port is not the port of a database on the same machine.",
            .paths = {"monitoring.metrics_port", "monitoring.enable_metrics", "database.host",
                      "database.port", "database.dsn"},
            .check = metrics_port_is_free,
        },
        {
            .name = "alert_webhook_is_an_address",
            .text = "An alert webhook in plain text is an https URL, or http to this machine.",
            .paths = {"monitoring.alert_webhook_url"},
            .check = webhook_is_an_address,
        },
    };
}

}  // namespace quantconf::quantbot
