#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "net/http.hpp"
#include "quantconf/sources/verdict.hpp"
#include "secrets/redact.hpp"
#include "sources/catalogue.hpp"

namespace quantconf::sources {

/// What was asked, as far as it matters for reading the answer.
struct Asked {
    std::string_view path = {};  ///< Of the request, with its query, without secrets.
    bool is_token_request = false;
    std::optional<Duration> key_age = {};  ///< Since it was stored; nothing if unknown.
};

/// Reads an answer. Never fails, and never says "invalid" without the provider saying so: not without a whole
/// answer, not for a page of the network in front of the provider, not for a server's own failure. First
/// match wins: no answer; the network's own pages; the source's rules; general statuses; "valid" only with
/// positive evidence in complete JSON or XML. One look over the body, in time linear in its length; beyond
/// kRawBytesMax (condition.hpp) of it only whether it is complete.
[[nodiscard]] Verdict classify(const Catalogue& catalogue, const Source& source, const Asked& asked,
                               const net::Response& answer, const secrets::Redactor& redactor,
                               const Clock& clock);

}  // namespace quantconf::sources
