// A URL from a configuration, joined with a path from a command line: both may come from somebody who wants a
// key to travel to another host.

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"
#include "net/url.hpp"
#include "schema/base_url.hpp"

namespace quantconf::fuzz {
namespace {

void require_sound(const net::Url& url) {
    const std::string text = net::to_text(url);
    require(net::parse_url(text) == url, "a URL is read as it was written");
    require(text.find_first_of(" \t\r\n\\#") == std::string::npos, "a URL stays on its line");
    require(text.starts_with("http://") || text.starts_with("https://"), "a URL has a scheme");
    const auto authority = std::string_view{text}.substr(text.find("//") + 2);
    require(!authority.substr(0, authority.find('/')).contains('@'), "a URL has no user");
    require(url.target.starts_with('/'), "a target begins at the root");
}

bool has_our_scheme(std::string_view url) {
    const std::string scheme = ascii_lower(url.substr(0, url.find("://")));
    return scheme == "http" || scheme == "https";
}

}  // namespace

Verdict run_target(std::string_view input) {
    const auto line_end = input.find('\n');
    const std::string_view base = input.substr(0, line_end);
    const std::string_view path =
        line_end == std::string_view::npos ? std::string_view{} : input.substr(line_end + 1);

    const auto url = net::parse_url(base);
    if (url) {
        require_sound(*url);
    }
    // What a configuration may name, requests can be sent to.
    if (has_our_scheme(base)) {
        require(!schema::why_no_endpoint(base, schema::UrlUse::Page).empty() || url,
                "an address of a configuration is one of the client");
        require(!schema::why_no_endpoint(base, schema::UrlUse::Base).empty() || net::join_url(base, "/x"),
                "a path can be joined to an endpoint");
    }
    if (const auto joined = net::join_url(base, path)) {
        require_sound(*joined);
        require(
            url && joined->scheme == url->scheme && joined->host == url->host && joined->port == url->port,
            "a path never leads to another host");
    }
    if (const auto encoded = net::join_url("https://h", net::percent_encoded(path))) {
        require(encoded->target == "/" + net::percent_encoded(path), "what is encoded is part of a path");
    }
    return Verdict::Used;
}

}  // namespace quantconf::fuzz
