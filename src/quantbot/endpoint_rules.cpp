#include <fmt/format.h>

#include "quantbot/loopback.hpp"
#include "quantbot/rules.hpp"
#include "schema/base_url.hpp"

namespace quantconf::quantbot {

namespace {

using Findings = std::vector<Finding>;

constexpr std::string_view kEndpoints = "data_sources.endpoints";

Findings encrypt_endpoints(const RuleView& view) {
    Findings findings;
    for (const auto& [source, url] : view.at(kEndpoints).members()) {
        if (!is_https_or_loopback(url.as_text())) {
            findings.push_back({.path = fmt::format("{}.{}", kEndpoints, source),
                                .message = "the key would travel unencrypted to another machine",
                                .expected = "https, or http to this machine",
                                .found = "http to another machine",
                                .hint = "write https://"});
        }
    }
    return findings;
}

/// Addresses that are well-formed and yet could never be asked: better said here than with every request.
Findings can_be_asked(const RuleView& view) {
    Findings findings;
    for (const auto& [source, url] : view.at(kEndpoints).members()) {
        // The tokens' address is asked for as it is; to the others a path is joined.
        const auto use = source == "reddit_token" ? schema::UrlUse::Page : schema::UrlUse::Base;
        if (const auto problem = schema::why_no_endpoint(url.as_text(), use); !problem.empty()) {
            findings.push_back({.path = fmt::format("{}.{}", kEndpoints, source),
                                .message = fmt::format("the address cannot be asked: {}", problem),
                                .expected = "an address such as https://api.example.com/v1",
                                .found = "one that no request can be sent to",
                                .hint = "write scheme, host and path alone"});
        }
    }
    return findings;
}

Findings forbid_test_servers(const RuleView& view) {
    Findings findings;
    for (const auto& [source, url] : view.at(kEndpoints).members()) {
        if (reaches_this_machine(host_of(url.as_text()))) {
            findings.push_back(
                {.path = fmt::format("{}.{}", kEndpoints, source),
                 .message = "a server on this machine stands in for the provider in production",
                 .expected = "the provider, or a proxy on another machine",
                 .found = std::string{host_of(url.as_text())},
                 .hint = "keep test servers in development.yaml, testing.yaml or local.yaml"});
        }
    }
    return findings;
}

}  // namespace

std::vector<Rule> endpoint_rules() {
    return {
        {
            .name = "endpoints_are_encrypted",
            .text = "An endpoint is https, or http to this machine.",
            .paths = {std::string{kEndpoints}},
            .check = encrypt_endpoints,
        },
        {
            .name = "endpoints_can_be_asked",
            .text =
                "An endpoint is an address that requests can be sent to: without fragment, \".\" and \"..\" "
                "in its path, a point behind its host and, where paths are joined to it, a query.",
            .paths = {std::string{kEndpoints}},
            .check = can_be_asked,
        },
        {
            .name = "production_asks_the_providers",
            .text = "No endpoint is on this machine in production.",
            .paths = {std::string{kEndpoints}},
            .environments = {Environment::Production},
            .check = forbid_test_servers,
        },
    };
}

}  // namespace quantconf::quantbot
