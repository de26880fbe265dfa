#include "net/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "base/percent.hpp"
#include "base/text.hpp"

namespace quantconf::net {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";
constexpr std::size_t kHostBytes = 253;  // Of a DNS name.
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_letter_or_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Takes what stands before `mark` off the front, and the mark; all of it if there is none.
std::string_view take_until(std::string_view& text, char mark) {
    const auto at = text.find(mark);
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return part;
}

/// 0 to 255 without leading zeros, which some programs read as octal.
std::optional<unsigned> ipv4_part(std::string_view text) {
    unsigned number = 0;
    const bool is_short = text.size() == 1 || (text.size() <= 3 && !text.starts_with('0'));
    if (!is_short || !std::ranges::all_of(text, is_digit)) {
        return std::nullopt;
    }
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number <= 255 ? std::optional{number} : std::nullopt;
}

bool is_ipv4(std::string_view host) {
    if (std::ranges::count(host, '.') != 3) {
        return false;
    }
    for (int i = 0; i != 4; ++i) {
        if (!ipv4_part(take_until(host, '.'))) {
            return false;
        }
    }
    return true;
}

/// Whether some program takes it for an address: its last part is a number, perhaps a hexadecimal one.
bool looks_like_ipv4(std::string_view host) {
    if (host.ends_with('.')) {
        host.remove_suffix(1);
    }
    const auto dot = host.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
    if (last.starts_with("0x") || last.starts_with("0X")) {
        return std::ranges::all_of(last.substr(2), is_hex_digit);
    }
    return !last.empty() && std::ranges::all_of(last, is_digit);
}

bool is_host_name(std::string_view host) {
    const auto fits = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; };
    if (host.empty() || host.ends_with('.') || host.size() > kHostBytes) {
        return false;
    }
    while (!host.empty()) {
        const std::string_view label = take_until(host, '.');
        if (label.empty() || label.size() > 63 || !std::ranges::all_of(label, fits)) {
            return false;
        }
    }
    return true;
}

std::optional<std::string> normal_ipv6(std::string_view text) {
    in6_addr address{};
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    if (text.size() >= buffer.size() || ::inet_pton(AF_INET6, std::string{text}.c_str(), &address) != 1 ||
        ::inet_ntop(AF_INET6, &address, buffer.data(), buffer.size()) == nullptr) {
        return std::nullopt;
    }
    return std::string{buffer.data()};
}

struct Authority {
    std::string host;
    std::optional<std::string_view> port;
};

std::expected<Authority, std::string> parse_authority(std::string_view text) {
    if (text.contains('@')) {
        return std::unexpected{"a URL with a user or a password in it is refused"};
    }
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        const auto host = normal_ipv6(text.substr(1, close == std::string_view::npos ? close : close - 1));
        const std::string_view rest =
            close == std::string_view::npos ? std::string_view{} : text.substr(close + 1);
        if (close == std::string_view::npos || !host || (!rest.empty() && !rest.starts_with(':'))) {
            return std::unexpected{"the URL has an IPv6 address that is none"};
        }
        return Authority{*host, rest.empty() ? std::nullopt : std::optional{rest.substr(1)}};
    }
    const auto colon = text.find(':');
    const std::string_view host = text.substr(0, colon);
    if (looks_like_ipv4(host) ? !is_ipv4(host) : !is_host_name(host)) {
        return std::unexpected{"the URL's host is neither a name nor an address written in full"};
    }
    return Authority{ascii_lower(host),
                     colon == std::string_view::npos ? std::nullopt : std::optional{text.substr(colon + 1)}};
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port != 0 ? std::optional{port}
                                                                                 : std::nullopt;
}

/// Empty if it is sound.
std::string problem_of_target(std::string_view target) {
    for (std::size_t i = 0; i != target.size(); ++i) {
        const char c = target[i];
        if (c == '%' &&
            (i + 2 >= target.size() || !is_hex_digit(target[i + 1]) || !is_hex_digit(target[i + 2]))) {
            return "the URL has a % that is not followed by two hexadecimal digits";
        }
        if (c == '#') {
            return "the URL has a fragment (#), which is never sent";
        }
    }
    return has_dot_segment(target.substr(0, target.find('?'))) ? "the URL's path has . or .. as a part" : "";
}

}  // namespace

std::expected<Url, std::string> parse_url(std::string_view text) {
    if (text.size() > kUrlBytes) {
        return std::unexpected{fmt::format("the URL is longer than {} bytes", kUrlBytes)};
    }
    if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '\\'; })) {
        return std::unexpected{"the URL has a character that must be written as %XX"};
    }
    const auto scheme_end = text.find("://");
    Url url{.scheme = ascii_lower(text.substr(0, scheme_end))};
    if (scheme_end == std::string_view::npos || (url.scheme != "http" && url.scheme != "https")) {
        return std::unexpected{"the URL begins with neither https:// nor http://"};
    }
    text.remove_prefix(scheme_end + 3);
    const auto authority_end = std::min(text.find_first_of("/?#"), text.size());
    auto authority = parse_authority(text.substr(0, authority_end));
    if (!authority) {
        return std::unexpected{authority.error()};
    }
    url.host = std::move(authority->host);
    const std::uint16_t usual = url.scheme == "https" ? kHttpsPort : kHttpPort;
    const auto port = authority->port ? parse_port(*authority->port) : std::optional{usual};
    if (!port) {
        return std::unexpected{"the URL's port is not a number from 1 to 65535"};
    }
    url.port = *port;
    text.remove_prefix(authority_end);
    url.target = text.starts_with('/') ? std::string{text} : fmt::format("/{}", text);
    if (std::string problem = problem_of_target(url.target); !problem.empty()) {
        return std::unexpected{std::move(problem)};
    }
    return url;
}

std::string to_text(const Url& url) {
    const bool is_usual = url.port == (url.scheme == "https" ? kHttpsPort : kHttpPort);
    const bool is_ipv6 = url.host.contains(':');
    return fmt::format("{}://{}{}{}{}{}", url.scheme, is_ipv6 ? "[" : "", url.host, is_ipv6 ? "]" : "",
                       is_usual ? std::string{} : fmt::format(":{}", url.port), url.target);
}

std::expected<Url, std::string> join_url(std::string_view base, std::string_view path) {
    auto url = parse_url(base);
    if (!url) {
        return url;
    }
    if (url->target.contains('?')) {
        return std::unexpected{"the base URL has a query"};
    }
    while (url->target.ends_with('/')) {
        url->target.pop_back();
    }
    if (path.starts_with('/')) {
        path.remove_prefix(1);
    }
    if (!path.starts_with('?') || url->target.empty()) {
        url->target += '/';
    }
    url->target += path;
    return parse_url(to_text(*url));
}

std::string percent_encoded(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += kHex[byte >> 4U];
        result += kHex[byte & 0xFU];
    }
    return result;
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "::1" || (host.starts_with("127.") && is_ipv4(host));
}

}  // namespace quantconf::net
