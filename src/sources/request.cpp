#include "sources/request.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/percent.hpp"
#include "base/text.hpp"
#include "net/url.hpp"

namespace quantconf::sources {

namespace {

/// Whether somebody has put a key into the question, where logs and caches would see it.
bool brings_a_key(const Source& source, const Question& question) {
    const auto is_name_of_a_key = [&source](std::string_view name) {
        return std::ranges::any_of(source.authentication, [name](const Authentication& way) {
            return way.kind == Authentication::Kind::Parameter && ascii_lower(way.name) == ascii_lower(name);
        });
    };
    if (std::ranges::any_of(question.parameters,
                            [&](const auto& parameter) { return is_name_of_a_key(parameter.first); })) {
        return true;
    }
    const std::string_view path = question.path;
    std::size_t at = path.find('?');
    while (at != std::string_view::npos) {
        const std::size_t end = path.find_first_of("=&;", at + 1);
        if (is_name_of_a_key(
                percent_decoded(path.substr(at + 1, end == std::string_view::npos ? end : end - at - 1)))) {
            return true;
        }
        at = path.find_first_of("&;", at + 1);  // Some servers part them at ";", too.
    }
    return false;
}

net::Request in_words_of(const Source& source) {
    net::Request request;
    request.headers = source.headers;
    return request;
}

void add_key(net::Request& request, const Authentication& way, const Secret& key, const Secret& token) {
    switch (way.kind) {
        case Authentication::Kind::None:
            break;
        case Authentication::Kind::Header:
            request.secret_headers.push_back({.name = way.name, .before = way.before, .secret = key});
            break;
        case Authentication::Kind::Parameter:
            request.secret_parameters.push_back({.name = way.name, .secret = key});
            break;
        case Authentication::Kind::OAuth2:
            request.secret_headers.push_back({.name = "Authorization", .before = "Bearer ", .secret = token});
            break;
    }
}

}  // namespace

std::string target_of(const Question& question) {
    std::string target = question.path;
    char separator = target.find('?') == std::string::npos ? '?' : '&';
    for (const auto& [name, value] : question.parameters) {
        target += fmt::format("{}{}={}", separator, net::percent_encoded(name), net::percent_encoded(value));
        separator = '&';
    }
    return target;
}

std::expected<net::Request, Refusal> request_for(const Source& source, const SourceSettings& settings,
                                                 const Question& question, const Secret& token,
                                                 Environment environment) {
    if (brings_a_key(source, question)) {
        return std::unexpected{
            Refusal{.reason = fmt::format("the question to {} contains a key", source.title),
                    .hint = "leave it out: the client adds the one of the configuration"}};
    }
    const auto url = net::join_url(settings.endpoint.value_or(source.base), target_of(question));
    if (!url) {
        return std::unexpected{
            Refusal{.reason = fmt::format("the address of this question to {} cannot be used: {}",
                                          source.title, url.error()),
                    .hint = "write the path as the provider's documentation has it, parameters apart"}};
    }
    net::Request request = in_words_of(source);
    request.url = net::to_text(*url);
    if (auto allowed = may_send_to(request.url, source, settings.credentials.key, environment); !allowed) {
        return std::unexpected{std::move(allowed).error()};
    }
    if (question.post) {
        request.method = net::Method::Post;
        request.body = *question.post;
        request.headers.push_back({.name = "content-type", .value = question.content_type});
    }
    if (!settings.credentials.empty() && !source.authentication.empty()) {
        add_key(request, source.authentication.front(), settings.credentials.key, token);
    }
    return request;
}

std::expected<net::Request, Refusal> token_request_for(const Source& source, const SourceSettings& settings,
                                                       Environment environment) {
    net::Request request = in_words_of(source);
    request.url = settings.token_endpoint.value_or(source.token_url);
    // Both parts travel, so both have a say.
    for (const Secret& part : {settings.credentials.key, settings.credentials.secret}) {
        if (auto allowed = may_send_to(request.url, source, part, environment); !allowed) {
            return std::unexpected{std::move(allowed).error()};
        }
    }
    request.method = net::Method::Post;
    request.headers.push_back({.name = "content-type", .value = "application/x-www-form-urlencoded"});
    request.body = "grant_type=client_credentials";
    request.basic = {.user = settings.credentials.key, .password = settings.credentials.secret};
    return request;
}

}  // namespace quantconf::sources
