#pragma once

#include <cstdint>
#include <string_view>

namespace quantconf::schema {

/// What an address is for.
enum class UrlUse : std::uint8_t {
    Base,  ///< Paths are joined to it, so that it can have no query.
    Page,  ///< Asked for as it is.
};

/// What keeps a URL that parse_url takes from being one that requests are sent to, in words for people; empty
/// if nothing does. Stricter than RFC 3986: what is never sent (a fragment), what programs read differently
/// ("." and ".." as parts of the path, a point behind the host) and, in a base, a query. What passes here,
/// the client of HTTP takes too; a test and a fuzz target hold the two together.
[[nodiscard]] std::string_view why_no_endpoint(std::string_view url, UrlUse use);

}  // namespace quantconf::schema
