#include "sources/key_request.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "net/url.hpp"
#include "quantconf/detail/try.hpp"

namespace quantconf::sources {
namespace {

/// The longest answer to a probe is a list of sources or models, far below this.
constexpr std::size_t kAnswerBytes = std::size_t{1024} * 1024;
constexpr std::chrono::milliseconds kConnectTimeout{10'000};

bool is_oauth2(const Source& source) {
    return !source.authentication.empty() &&
           source.authentication.front().kind == Authentication::Kind::OAuth2;
}

/// Puts the key where the source wants it.
void add_key(net::Request& request, const Source& source, const Credentials& credentials) {
    if (source.authentication.empty()) {
        return;
    }
    const Authentication& way = source.authentication.front();
    const net::SecretPart part{.name = way.name, .before = way.before, .secret = credentials.key};
    switch (way.kind) {
        case Authentication::Kind::Header:
            request.secret_headers.push_back(part);
            break;
        case Authentication::Kind::Parameter:
            request.secret_parameters.push_back(part);
            break;
        case Authentication::Kind::OAuth2:
            request.basic = {.user = credentials.key, .password = credentials.secret};
            break;
        case Authentication::Kind::None:
            break;
    }
}

}  // namespace

std::expected<std::string, std::string> address_of(std::string_view base, std::string_view path) {
    if (path.empty() || path.starts_with('?')) {
        const auto url = net::parse_url(fmt::format("{}{}", base, path));
        return url ? std::expected<std::string, std::string>{net::to_text(*url)}
                   : std::unexpected{url.error()};
    }
    const auto url = net::join_url(base, path);
    return url ? std::expected<std::string, std::string>{net::to_text(*url)} : std::unexpected{url.error()};
}

const Probe& probe_of(const Source& source, const Credentials& credentials) {
    return credentials.empty() ? source.anonymous_probe : source.probe;
}

std::expected<net::Request, Refusal> probe_request(const Source& source, const SourceSettings& settings,
                                                   const HostPolicy& policy) {
    const Credentials& credentials = settings.credentials;
    const Probe& probe = probe_of(source, credentials);
    const bool is_token_request = is_oauth2(source) && !credentials.empty();
    if (probe.path.empty() && !is_token_request) {
        return std::unexpected{Refusal{
            .reason = credentials.empty() ? "no key is configured" : "no question is known that shows it",
            .hint = fmt::format("set {}", settings.credential_path)}};
    }
    const std::string base = is_token_request ? settings.token_endpoint.value_or(source.token_url)
                                              : settings.endpoint.value_or(source.base);
    const auto url = address_of(base, is_token_request ? std::string_view{} : probe.path);
    if (!url) {
        return std::unexpected{
            Refusal{.reason = fmt::format("the address of {} cannot be used: {}", source.title, url.error()),
                    .hint = fmt::format("mend data_sources.endpoints.{}", source.name)}};
    }
    if (!credentials.empty()) {
        // Both parts of a client travel: neither may be bound to another host.
        for (const Secret& secret : {credentials.key, credentials.secret}) {
            if (secret.empty()) {
                continue;
            }
            if (auto allowed = may_send_to(*url, source, secret, policy); !allowed) {
                return std::unexpected{std::move(allowed).error()};
            }
        }
    }
    const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(settings.timeout);
    net::Request request{.method = is_token_request ? net::Method::Post : probe.method,
                         .url = *url,
                         .headers = source.headers,
                         .body = probe.body,
                         .connect_timeout = std::min(timeout, kConnectTimeout),
                         .timeout = timeout,
                         .max_body = kAnswerBytes};
    const bool has_type = std::ranges::any_of(
        request.headers, [](const net::Header& header) { return header.name == "content-type"; });
    if (!request.body.empty() && !has_type) {
        request.headers.push_back({.name = "content-type", .value = "application/x-www-form-urlencoded"});
    }
    if (!credentials.empty()) {
        add_key(request, source, credentials);
    }
    return request;
}

}  // namespace quantconf::sources
