#include "sources/key_request.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

#include <fmt/format.h>

#include "sources/request.hpp"

namespace quantconf::sources {
namespace {

/// The longest answer to a probe is a list of sources or models, far below this.
constexpr std::size_t kAnswerBytes = std::size_t{1024} * 1024;
constexpr std::chrono::milliseconds kConnectTimeout{10'000};

std::expected<net::Request, Refusal> unbounded_request(const Source& source, const SourceSettings& settings,
                                                       Environment environment) {
    const bool has_key = !settings.credentials.empty();
    if (has_key && uses_tokens(source)) {
        return token_request_for(source, settings, environment);
    }
    const Probe& probe = probe_of(source, settings.credentials);
    if (probe.path.empty()) {
        return std::unexpected{
            Refusal{.reason = has_key ? "no question is known that shows whether the key is good"
                                      : "no key is configured",
                    .hint = fmt::format("set {}", settings.credential_path)}};
    }
    return request_for(source, settings, {.path = probe.path}, {}, environment);
}

}  // namespace

bool uses_tokens(const Source& source) noexcept {
    return !source.authentication.empty() &&
           source.authentication.front().kind == Authentication::Kind::OAuth2;
}

const Probe& probe_of(const Source& source, const Credentials& credentials) {
    return credentials.empty() ? source.anonymous_probe : source.probe;
}

std::expected<net::Request, Refusal> probe_request(const Source& source, const SourceSettings& settings,
                                                   Environment environment) {
    auto request = unbounded_request(source, settings, environment);
    if (request) {
        request->timeout = std::chrono::ceil<std::chrono::milliseconds>(settings.timeout);
        request->connect_timeout = std::min(request->timeout, kConnectTimeout);
        request->max_body = kAnswerBytes;
    }
    return request;
}

}  // namespace quantconf::sources
