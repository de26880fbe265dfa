#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>

#include "net/http.hpp"
#include "quantconf/error.hpp"

namespace quantconf::net {

struct HttpClientOptions {
    std::size_t max_connections = 64;
    std::size_t max_connections_per_host = 16;
    /// Certificates to trust instead of the system's, in PEM; for proxies and tests. Empty: the system's.
    std::filesystem::path ca_file = {};
    std::string user_agent = {};  ///< Empty: "quantconf/<version>".
};

/// Sends requests on one thread of its own, with libcurl's multi interface: connections are kept and shared,
/// TLS is always verified, redirects are never followed. Plain http reaches this machine alone, and
/// "localhost" never leaves it, whatever a name server says.
///
/// Any thread may call it. Completions run on its thread: they must be short and must not destroy the client.
/// The destructor cancels what is still on its way; every completion is called exactly once. After fork() the
/// child's requests end with Transport::Cancelled.
class HttpClient {
public:
    using Completion = std::move_only_function<void(Response)>;

    [[nodiscard]] static Outcome<HttpClient> create(HttpClientOptions options = {});

    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) = delete;
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    ~HttpClient();

    /// `stop` takes the request back: Transport::Cancelled, soon.
    void send(Request request, Completion done, std::stop_token stop = {});
    /// Waits for the answer.
    [[nodiscard]] Response send_and_wait(Request request, std::stop_token stop = {});

private:
    struct Impl;
    explicit HttpClient(std::unique_ptr<Impl> impl) noexcept;

    std::unique_ptr<Impl> impl_;
};

}  // namespace quantconf::net
