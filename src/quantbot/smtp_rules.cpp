#include "quantbot/loopback.hpp"
#include "quantbot/rules.hpp"

namespace quantconf::quantbot {

namespace {

using Findings = std::vector<Finding>;

constexpr std::int64_t kImplicitTlsPort = 465;

Findings login_is_complete(const RuleView& view) {
    if (view.at("monitoring.smtp").is_absent()) {
        return {};
    }
    const bool has_username = !view.at("monitoring.smtp.username").is_absent();
    const bool has_password = !view.at("monitoring.smtp.password").is_absent();
    if (has_username == has_password) {
        return {};
    }
    return {{.path = has_username ? "monitoring.smtp.username" : "monitoring.smtp.password",
             .message =
                 has_username ? "monitoring.smtp.password is missing" : "monitoring.smtp.username is missing",
             .expected = "both or neither",
             .found = "one of them",
             .hint = "a relay without login needs neither"}};
}

Findings password_is_encrypted(const RuleView& view) {
    if (view.at("monitoring.smtp").is_absent() || view.at("monitoring.smtp.password").is_absent()) {
        return {};
    }
    if (view.at("monitoring.smtp.starttls").as_boolean() ||
        view.at("monitoring.smtp.port").as_integer() == kImplicitTlsPort ||
        is_loopback(view.at("monitoring.smtp.host").as_text())) {
        return {};
    }
    return {{.path = "monitoring.smtp.starttls",
             .message = "the password would travel unencrypted to another machine",
             .expected = "true, or port 465",
             .found = "false",
             .hint = "write starttls: true"}};
}

}  // namespace

std::vector<Rule> smtp_rules() {
    return {
        {
            .name = "smtp_login_is_complete",
            .text = "monitoring.smtp.username and password are set together.",
            .paths = {"monitoring.smtp"},
            .check = login_is_complete,
        },
        {
            .name = "smtp_password_is_encrypted",
            .text = "A mail password needs starttls, port 465 or a server on this machine.",
            .paths = {"monitoring.smtp"},
            .check = password_is_encrypted,
        },
    };
}

}  // namespace quantconf::quantbot
