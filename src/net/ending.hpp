#pragma once

#include <string>
#include <string_view>

#include <curl/curl.h>

#include "net/http.hpp"

namespace quantconf::net {

/// How far a request has come, seen from outside libcurl.
struct Progress {
    bool may_be_sent = false;   ///< A connection was ready and the request was handed to it.
    bool was_given_up = false;  ///< libcurl wanted to send it once more.
    bool is_too_large = false;
    bool has_all_headers = false;
};

/// What libcurl's result means.
[[nodiscard]] Transport transport_of(CURLcode code, const Progress& progress);

/// In words: ours, with those of libcurl (perhaps none) behind. They may contain what a server has chosen.
[[nodiscard]] std::string problem_of(Transport transport, const Progress& progress, std::string_view detail);

}  // namespace quantconf::net
