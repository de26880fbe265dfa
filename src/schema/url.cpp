#include "schema/url.hpp"

#include <algorithm>
#include <charconv>

#include "schema/host.hpp"

namespace quantconf::schema {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_scheme(std::string_view text) {
    return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
}

/// What may stand in a path, a query or a fragment besides %xx.
bool is_tail_character(char c) {
    constexpr std::string_view kMarks = "-._~!$&'()*+,;=:@/?";
    return is_letter(c) || is_digit(c) || kMarks.contains(c);
}

std::expected<std::uint16_t, UrlError> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) {
        return std::unexpected{UrlError::Port};
    }
    return port;
}

std::expected<void, UrlError> check_tail(std::string_view tail) {
    bool in_fragment = false;
    while (!tail.empty()) {
        const char c = tail.front();
        if (c == '%') {
            if (tail.size() < 3 || !is_hex_digit(tail[1]) || !is_hex_digit(tail[2])) {
                return std::unexpected{UrlError::Escape};
            }
        } else if (c == '#' && !in_fragment) {
            in_fragment = true;
        } else if (!is_tail_character(c)) {
            return std::unexpected{UrlError::Character};
        }
        tail.remove_prefix(1);
    }
    return {};
}

/// Where ":port" begins, or npos: the colons of an IPv6 address stand in brackets.
std::size_t port_colon(std::string_view authority) {
    const auto bracket = authority.find(']');
    return authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
}

}  // namespace

std::expected<Url, UrlError> parse_url(std::string_view text) {
    if (text.size() > kUrlBytesMax) {
        return std::unexpected{UrlError::TooLong};
    }
    const auto colon = text.find("://");
    if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) {
        return std::unexpected{UrlError::Scheme};
    }
    Url url{.scheme = text.substr(0, colon), .host = {}};
    const std::string_view behind = text.substr(colon + 3);
    const std::size_t authority_end = std::min(behind.find_first_of("/?#"), behind.size());
    const std::string_view authority = behind.substr(0, authority_end);
    if (authority.contains('@')) {
        return std::unexpected{UrlError::Userinfo};
    }

    const std::size_t host_end = std::min(port_colon(authority), authority.size());
    url.host = authority.substr(0, host_end);
    const bool is_bare_ipv6 = !url.host.starts_with('[') && url.host.contains(':');
    if (is_bare_ipv6 || !valid_host(url.host)) {
        const bool is_odd = std::ranges::any_of(url.host, [](char c) { return c <= ' ' || c == '\x7f'; });
        return std::unexpected{is_odd ? UrlError::Character : UrlError::Host};
    }
    if (host_end < authority.size()) {
        const auto port = parse_port(authority.substr(host_end + 1));
        if (!port) {
            return std::unexpected{port.error()};
        }
        url.port = *port;
    }
    if (const auto tail = check_tail(behind.substr(authority_end)); !tail) {
        return std::unexpected{tail.error()};
    }
    return url;
}

bool may_hold_credentials(std::string_view text) noexcept {
    // Passwords may contain any character, also a slash, so that nothing finer is safe. "user:password@host"
    // does not need a scheme.
    const auto begin = std::min(text.find("//"), text.find(':'));
    return begin != std::string_view::npos && text.find('@', begin) != std::string_view::npos;
}

}  // namespace quantconf::schema
