#pragma once

#include <string_view>

namespace quantconf::quantbot {

/// Whether a host name or address is this very machine: localhost, 127.0.0.0/8, ::1. No name is looked up.
[[nodiscard]] bool is_loopback(std::string_view host);

/// Whether a connection may end at this machine: also at 0.0.0.0, ::, localhost. and the longer spellings of
/// ::1. Wider than is_loopback, for places where the machine itself is refused instead of trusted.
[[nodiscard]] bool reaches_this_machine(std::string_view host);

/// The host of a URL that has been checked as one: without user, port and the brackets of IPv6.
[[nodiscard]] std::string_view host_of(std::string_view url);

/// Whether a connection may carry a key: https, or plain http that does not leave this machine.
[[nodiscard]] bool is_https_or_loopback(std::string_view url);

}  // namespace quantconf::quantbot
