#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "quantconf/environment.hpp"
#include "quantconf/secret.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// Who may say where a key goes: never the configuration alone, because who may edit that shall not be able
/// to read keys.
struct HostPolicy {
    Environment environment = Environment::Production;
    std::vector<std::string> allowed = {};  ///< By the settings of the tool itself, lower case.
};

/// Whether a request with `secret` may go to `url`; otherwise why not, and what to do about it. Both are safe
/// to print.
///
/// A host of the provider itself is fine, unless the secret is bound to other hosts. Any other one must be
/// allowed by the secret or by the settings of the tool. This machine is fine outside production, for tests;
/// there plain http is, too.
struct Refusal {
    std::string reason;
    std::string hint;
};
[[nodiscard]] std::expected<void, Refusal> may_send_to(std::string_view url, const Source& source,
                                                       const Secret& secret, const HostPolicy& policy);

}  // namespace quantconf::sources
