#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace quantconf::net {

/// The longest URL that we send, without its secrets. Servers take 8 to 16 KiB.
inline constexpr std::size_t kUrlBytes = std::size_t{16} * 1024;

/// The parts of a URL that has exactly one meaning: what two programs could read differently is refused, not
/// repaired, because a key travels to where it leads.
struct Url {
    std::string scheme = {};  ///< "http" or "https".
    /// Lower case: a name, four decimal numbers, or an IPv6 address without brackets in its short form.
    std::string host = {};
    std::uint16_t port = 0;   ///< Also where the text names none.
    std::string target = {};  ///< Path and query as written: "/v1/quotes?symbol=SPY". Never empty.

    friend bool operator==(const Url&, const Url&) = default;
};

/// Reads an absolute URL of http or https, or says in words why not. The text itself is not repeated, since
/// it could contain what belongs to nobody else.
///
/// Refused: a user or password, a fragment, spaces and control characters, bytes that are not ASCII (a
/// foreign name is written in punycode), "\", escapes that are none, "." and ".." as parts of the path,
/// however they are written (base/percent.hpp), a point behind the host, addresses that are not written in
/// full ("127.1", "0x7f.0.0.1", "010.0.0.1"), IPv6 zones.
[[nodiscard]] std::expected<Url, std::string> parse_url(std::string_view text);

/// The one spelling: parse_url(to_text(url)) == url. The port is written where it is not that of the scheme.
[[nodiscard]] std::string to_text(const Url& url);

/// `path`, which may have a query, after the path of `base`: "https://h/a/" and "/b?c" are "https://h/a/b?c".
/// One "/" between them; none where the path is a query alone, which is one to the page of the base itself.
/// A base with a query cannot be joined with anything.
[[nodiscard]] std::expected<Url, std::string> join_url(std::string_view base, std::string_view path);

/// Everything but letters, digits and "-._~" as %XX: fits into any part of a URL.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// Whether a host, as in Url, is this machine for certain: localhost, 127.0.0.0/8, ::1. No name is looked up.
[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace quantconf::net
