#pragma once

#include <expected>

#include "net/http.hpp"
#include "quantconf/environment.hpp"
#include "sources/endpoint.hpp"
#include "sources/settings.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// The source's cheapest question about its key, ready to be sent: with the key where the source wants it
/// (Reddit's is the request for a token), or without one, where there is no key and the source can be asked
/// without. Otherwise why not: there is nothing to ask, or the key may not go there.
[[nodiscard]] std::expected<net::Request, Refusal> probe_request(const Source& source,
                                                                 const SourceSettings& settings,
                                                                 Environment environment);

/// Which question that is.
[[nodiscard]] const Probe& probe_of(const Source& source, const Credentials& credentials);

/// Whether its key has two parts and is shown by asking for a token.
[[nodiscard]] bool uses_tokens(const Source& source) noexcept;

}  // namespace quantconf::sources
