#include "quantbot/loopback.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <string>

#include <arpa/inet.h>

namespace quantconf::quantbot {

namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

/// Four numbers, the first of them 127. A name such as 127.example.com is not.
bool is_ipv4_loopback(std::string_view host) {
    for (int part = 0; part < 4; ++part) {
        unsigned number = 0;
        const auto [end, error] = std::from_chars(host.data(), host.data() + host.size(), number);
        if (error != std::errc{} || number > 255 || (part == 0 && number != 127)) {
            return false;
        }
        host.remove_prefix(static_cast<std::size_t>(end - host.data()));
        if (part < 3) {
            if (!host.starts_with('.')) {
                return false;
            }
            host.remove_prefix(1);
        }
    }
    return host.empty();
}

/// ::, ::1 and 127.0.0.0/8 or 0.0.0.0 behind ::ffff:, however many zeros are written.
bool is_ipv6_of_this_machine(std::string_view host) {
    in6_addr address{};
    if (inet_pton(AF_INET6, std::string{host}.c_str(), &address) != 1) {
        return false;
    }
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
        return address.s6_addr[12] == 127 || std::ranges::count(std::span{address.s6_addr}.last(4), 0) == 4;
    }
    return IN6_IS_ADDR_LOOPBACK(&address) || IN6_IS_ADDR_UNSPECIFIED(&address);
}

bool is_name_of_this_machine(std::string_view host) {
    constexpr std::string_view kName = "localhost";
    if (host.ends_with('.')) {
        host.remove_suffix(1);
    }
    if (host.size() < kName.size() || !equals_ignoring_case(host.substr(host.size() - kName.size()), kName)) {
        return false;
    }
    return host.size() == kName.size() || host[host.size() - kName.size() - 1] == '.';
}

bool has_scheme(std::string_view url, std::string_view scheme) {
    const auto colon = url.find("://");
    return colon != std::string_view::npos && equals_ignoring_case(url.substr(0, colon), scheme);
}

}  // namespace

bool is_loopback(std::string_view host) {
    return equals_ignoring_case(host, "localhost") || host == "::1" || is_ipv4_loopback(host);
}

bool reaches_this_machine(std::string_view host) {
    return is_name_of_this_machine(host) || is_ipv4_loopback(host) || host == "0.0.0.0" ||
           is_ipv6_of_this_machine(host);
}

std::string_view host_of(std::string_view url) {
    const auto colon = url.find("://");
    if (colon == std::string_view::npos) {
        return {};
    }
    url.remove_prefix(colon + 3);
    // Some clients take \ for /: what such a client would see as the path is no part of our host either.
    url = url.substr(0, url.find_first_of("/?#\\"));
    // http://localhost@example.com goes to example.com: the user ends at the last @.
    if (const auto at = url.rfind('@'); at != std::string_view::npos) {
        url.remove_prefix(at + 1);
    }
    if (url.starts_with('[')) {
        const auto close = url.find(']');
        const bool is_whole =
            close != std::string_view::npos && (close + 1 == url.size() || url[close + 1] == ':');
        return is_whole ? url.substr(1, close - 1) : std::string_view{};
    }
    return url.substr(0, url.find(':'));
}

bool is_https_or_loopback(std::string_view url) {
    if (has_scheme(url, "https")) {
        return !host_of(url).empty();
    }
    return has_scheme(url, "http") && is_loopback(host_of(url));
}

}  // namespace quantconf::quantbot
