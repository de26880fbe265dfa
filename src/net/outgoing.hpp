#pragma once

#include <expected>
#include <string>
#include <vector>

#include "crypto/secret_bytes.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "secrets/redact.hpp"

namespace quantconf::net {

/// A request as it goes out: with its secrets, in memory that is wiped. Lives as short as possible.
struct Outgoing {
    crypto::SecretBytes url;                             ///< Ends with a 0, as libcurl wants it.
    std::vector<std::string> lines = {};                 ///< "accept: application/json"
    std::vector<crypto::SecretBytes> secret_lines = {};  ///< Likewise, each with a 0 at its end.
};

/// Checks everything and puts it together, or says in words, without any value, what cannot be sent.
[[nodiscard]] std::expected<Outgoing, std::string> put_together(const Request& request, const Url& url);

/// Knows the secrets of the request.
[[nodiscard]] secrets::Redactor redactor_for(const Request& request);

}  // namespace quantconf::net
