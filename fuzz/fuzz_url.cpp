// A URL from a configuration, joined with a path from a command line: both may come from somebody who wants a
// key to travel to another host.

#include <string>
#include <string_view>

#include "fuzz/invariants.hpp"
#include "fuzz/target.hpp"
#include "net/url.hpp"

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
