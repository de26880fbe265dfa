#pragma once

#include <string_view>

namespace quantconf::schema {

/// Whether the text names a host: a DNS name, an IPv4 address or an IPv6 address with or without brackets.
///
/// A name has labels of 1 to 63 letters, digits, hyphens (not at an end) and underscores (which Docker's
/// service names have), at most 253 bytes, and may end in a dot. A name whose last label is a number could
/// only be a mistyped IPv4 address, so the short, octal and hexadecimal spellings that some resolvers accept
/// are refused.
[[nodiscard]] bool valid_host(std::string_view text) noexcept;

}  // namespace quantconf::schema
