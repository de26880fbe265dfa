#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace quantconf::schema {

inline constexpr std::size_t kUrlBytesMax =
    8192;  ///< Servers refuse longer ones (RFC 9110, 4.1, asks for 8000).

/// The parts of a URL that we look at. They point into its text.
struct Url {
    std::string_view scheme;
    std::string_view host;
    std::uint16_t port = 0;  ///< 0 where none is written.
};

enum class UrlError : std::uint8_t {
    TooLong,
    Scheme,     ///< No "https://" in front.
    Userinfo,   ///< "user:password@": a secret in a place that is printed.
    Host,       ///< None, or not one.
    Port,       ///< Not 1..65535.
    Character,  ///< A space, a control character or another one that must be percent-encoded.
    Escape,     ///< % without two hexadecimal digits.
};

/// Reads an absolute URL with a host, as RFC 3986 wants it. Which schemes are good is up to the caller.
[[nodiscard]] std::expected<Url, UrlError> parse_url(std::string_view text);

/// Whether a text may contain the credentials of a URL, well-formed or not: then it must not be printed.
[[nodiscard]] bool may_hold_credentials(std::string_view text) noexcept;

}  // namespace quantconf::schema
