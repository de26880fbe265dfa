#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.hpp"
#include "sources/endpoint.hpp"
#include "sources/settings.hpp"
#include "sources/source.hpp"

namespace quantconf::sources {

/// What somebody wants to know, without the key.
struct Question {
    std::string path = {};
    std::vector<std::pair<std::string, std::string>> parameters = {};
    std::optional<std::string> post = {};
    std::string content_type = {};
};

/// The request for a question: address, headers and key. `token` is the bearer token of an OAuth2 source.
/// Refused where the key must not go, and where the question brings a key of its own.
[[nodiscard]] std::expected<net::Request, Refusal> request_for(const Source& source,
                                                               const SourceSettings& settings,
                                                               const Question& question, const Secret& token,
                                                               Environment environment);

/// The request for a new token of an OAuth2 source.
[[nodiscard]] std::expected<net::Request, Refusal> token_request_for(const Source& source,
                                                                     const SourceSettings& settings,
                                                                     Environment environment);

/// Path and parameters, encoded: what identifies a question among those to one source, and what may be shown.
[[nodiscard]] std::string target_of(const Question& question);

}  // namespace quantconf::sources
