#pragma once

#include <array>
#include <chrono>
#include <expected>
#include <memory>
#include <string>

#include "net/answer.hpp"
#include "net/curl.hpp"
#include "net/ending.hpp"
#include "net/http.hpp"
#include "net/http_client.hpp"
#include "net/outgoing.hpp"
#include "net/url.hpp"

namespace quantconf::net {

/// One request on its way: a handle of libcurl with everything that it points to. One thread; does not move.
///
/// Each request has a handle of its own, which ends with it: libcurl overwrites what it copied only when it
/// frees it. Connections belong to the multi handle and stay.
class Transfer {
public:
    /// Ready to be sent; nothing has happened yet. Or what is wrong with the request. `options` outlives it.
    [[nodiscard]] static std::expected<std::unique_ptr<Transfer>, std::string> prepare(
        Request request, const Url& url, const HttpClientOptions& options, const Proxy& proxy);

    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    ~Transfer() = default;

    [[nodiscard]] CURL* handle() const noexcept { return handle_.get(); }
    /// The answer, once libcurl has said how it ended. The handle is in no multi handle any more.
    [[nodiscard]] Response finish(CURLcode code);
    [[nodiscard]] Response cancel();

private:
    Transfer(Request request, Outgoing outgoing);
    void set_destination(const Url& url, const Proxy& proxy);
    void set_security(const HttpClientOptions& options);
    void set_content(const HttpClientOptions& options);
    void set_times();
    void set_callbacks();
    [[nodiscard]] Response response(Transport transport, std::string_view detail);

    static std::size_t on_line(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static int on_ready(void* self, char* to, char* from, int to_port, int from_port);
    static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

    Request request_;
    Outgoing outgoing_;
    Answer answer_;
    Progress progress_ = {};
    bool is_for_this_machine_ = false;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::array<char, CURL_ERROR_SIZE> error_ = {};
    std::vector<curl_slist> header_list_ = {};
    List pinned_ = {};
    Easy handle_;  ///< The last member: it ends before what it points to.
};

}  // namespace quantconf::net
