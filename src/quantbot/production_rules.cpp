#include "quantbot/loopback.hpp"
#include "quantbot/rules.hpp"

namespace quantconf::quantbot {

namespace {

using Findings = std::vector<Finding>;

Findings forbid_debug(const RuleView& view) {
    if (!view.at("debug").as_boolean()) {
        return {};
    }
    return {{.path = "debug",
             .message = "must be false in production",
             .expected = "false",
             .found = "true",
             .hint = "set debug: true in development.yaml or local.yaml instead"}};
}

bool protects_the_wire(std::string_view ssl_mode) {
    return ssl_mode == "require" || ssl_mode == "verify-ca" || ssl_mode == "verify-full";
}

Findings require_database_tls(const RuleView& view) {
    const auto ssl_mode = view.at("database.ssl_mode").as_text();
    if (protects_the_wire(ssl_mode)) {
        return {};
    }
    // What a dsn points to is a secret, so it counts as another machine.
    const bool has_dsn = !view.at("database.dsn").is_absent();
    const auto host = view.at("database.host").as_text();
    if (!has_dsn && (host.starts_with('/') || is_loopback(host))) {
        return {};
    }
    return {{.path = "database.ssl_mode",
             .message = "the connection to a database on another machine must be encrypted in production",
             .expected = "require, verify-ca or verify-full",
             .found = std::string{ssl_mode},
             .hint = "write ssl_mode: require, or verify-full to make sure of the server too"}};
}

}  // namespace

std::vector<Rule> production_rules() {
    return {
        {
            .name = "production_forbids_debug",
            .text = "debug is false in production.",
            .paths = {"debug"},
            .environments = {Environment::Production},
            .check = forbid_debug,
        },
        {
            .name = "production_encrypts_database",
            .text = "In production, ssl_mode is require, verify-ca or verify-full unless the database is on "
                    "this machine.",
            .paths = {"database.ssl_mode", "database.host", "database.dsn"},
            .environments = {Environment::Production},
            .check = require_database_tls,
        },
    };
}

}  // namespace quantconf::quantbot
