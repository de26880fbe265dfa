#include "sources/endpoint.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "net/url.hpp"

namespace quantconf::sources {

namespace {

bool names(std::span<const std::string> hosts, const std::string& host) {
    return std::ranges::find(hosts, host) != hosts.end();
}

std::string secret_name(const Secret& secret) {
    const std::string_view reference = secret.reference();
    return std::string{reference.substr(reference.find(':') + 1)};
}

}  // namespace

std::expected<void, Refusal> may_send_to(std::string_view url, const Source& source, const Secret& secret,
                                         Environment environment) {
    const auto refuse = [](std::string reason, std::string hint) {
        return std::unexpected{Refusal{.reason = std::move(reason), .hint = std::move(hint)}};
    };
    const auto parsed = net::parse_url(url);
    if (!parsed) {
        return refuse(fmt::format("the address of {} cannot be used: {}", source.title, parsed.error()),
                      fmt::format("mend data_sources.endpoints.{}", source.name));
    }
    const std::string& host = parsed->host;
    const bool is_here = net::is_loopback(host);
    if (parsed->scheme == "http" && !is_here) {
        return refuse(fmt::format("the key of {} would travel to {} unencrypted", source.title, host),
                      "write https://");
    }
    if (is_here && environment == Environment::Production) {
        return refuse(fmt::format("in production {} may not be a server on this machine", source.title),
                      "keep test servers in development.yaml, testing.yaml or local.yaml");
    }
    const bool is_bound = !secret.facts().hosts.empty();
    if (is_bound && !names(secret.facts().hosts, host)) {
        return refuse(
            fmt::format("the secret {} may be sent to {} only, not to {}", secret_name(secret),
                        fmt::join(secret.facts().hosts, ", "), host),
            fmt::format("`quantconf secret set {} --host {}` allows it", secret_name(secret), host));
    }
    if (is_here || is_bound || names(source.hosts, host)) {
        return {};
    }
    return refuse(
        fmt::format("{} is no host of {}, and nobody has allowed its key to go there", host, source.title),
        secret.is_reference()
            ? fmt::format("`quantconf secret set {} --host {}` allows it", secret_name(secret), host)
            : fmt::format("keep the key in the store and allow it with `quantconf secret set NAME --host {}`",
                          host));
}

}  // namespace quantconf::sources
