#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "net/http.hpp"
#include "quantconf/error.hpp"

namespace quantconf::net {

/// A way out for https to other machines.
struct Proxy {
    std::string url = {};     ///< "http://proxy:3128", "socks5h://..."; empty: none.
    std::string except = {};  ///< Hosts that are reached without it, as in the variable no_proxy.
};

struct HttpClientOptions {
    std::size_t max_connections = 64;  ///< At least 1, as is the next.
    std::size_t max_connections_per_host = 16;
    std::size_t max_waiting = 4096;  ///< Requests for which there is no connection yet; more are Cancelled.
    /// Certificates to trust instead of the system's, in PEM; for proxies and tests. Empty: the system's.
    std::filesystem::path ca_file = {};
    std::string user_agent = {};  ///< Empty: "quantconf/<version>".
    /// Nothing: what the variables https_proxy, all_proxy and no_proxy (or in capitals) say while the client
    /// is made. Requests to this machine never take a proxy.
    std::optional<Proxy> proxy = {};
};

/// Sends requests on one thread of its own, with libcurl's multi interface: connections are kept and shared,
/// TLS is always verified, redirects are never followed. Plain http reaches this machine alone, and
/// "localhost" never leaves it, whatever a name server says.
///
/// One call of send() is at most one request on the wire: where a kept connection turns out to be closed, the
/// answer is Transport::Interrupted, and whether to ask again is the caller's decision, who pays for it.
///
/// Any thread may call it. Completions run on its thread: they must be short, must not wait for another
/// answer and must not destroy the client. The destructor cancels what is still on its way; every completion
/// is called exactly once. In a child after fork() requests end with Transport::Cancelled at once, on the
/// calling thread; what was on its way belongs to the parent, and its completions are not called in the
/// child.
class HttpClient {
public:
    using Completion = std::move_only_function<void(Response)>;

    [[nodiscard]] static Outcome<HttpClient> create(HttpClientOptions options = {});

    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) = delete;
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    ~HttpClient();

    /// `stop` takes the request back: Transport::Cancelled, soon. The request's timeout begins when there is
    /// a connection for it; to wait for one no longer than so, use `stop`.
    void send(Request request, Completion done, std::stop_token stop = {});
    /// Waits for the answer.
    [[nodiscard]] Response send_and_wait(Request request, std::stop_token stop = {});

private:
    struct Impl;
    explicit HttpClient(std::unique_ptr<Impl> impl) noexcept;

    std::unique_ptr<Impl> impl_;
};

}  // namespace quantconf::net
