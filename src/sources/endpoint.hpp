#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "quantconf/environment.hpp"
#include "quantconf/secret.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// Whether a request with `secret` may go to `url`; otherwise why not, and what to do about it. Both are safe
/// to print.
///
/// The configuration alone never says where a key goes: who may edit that shall not be able to read keys. A
/// host of the provider itself (Source::hosts, to which the settings of the tool may add) is fine, unless the
/// secret is bound to other hosts. Any other one must be allowed by the secret. This machine is fine outside
/// production, for tests; there plain http is, too.
struct Refusal {
    std::string reason;
    std::string hint;
};
[[nodiscard]] std::expected<void, Refusal> may_send_to(std::string_view url, const Source& source,
                                                       const Secret& secret, Environment environment);

}  // namespace quantconf::sources
