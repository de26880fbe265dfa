#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "net/http.hpp"
#include "sources/endpoint.hpp"
#include "sources/settings.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// The address of a question: `path` after that of `base`. A path that begins with "?" is the query of the
/// base itself, for a source with a single page (Alpha Vantage).
[[nodiscard]] std::expected<std::string, std::string> address_of(std::string_view base,
                                                                 std::string_view path);

/// The source's cheapest question about its key, ready to be sent: with the key where the source wants it
/// (Reddit's is the request for a token), or without one, where there is no key and the source can be asked
/// without. Otherwise why not: there is nothing to ask, or the key may not go there.
[[nodiscard]] std::expected<net::Request, Refusal> probe_request(const Source& source,
                                                                 const SourceSettings& settings,
                                                                 const HostPolicy& policy);

/// Which question that is.
[[nodiscard]] const Probe& probe_of(const Source& source, const Credentials& credentials);

}  // namespace quantconf::sources
