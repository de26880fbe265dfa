#include "net/transfer.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/limits.hpp"
#include "quantconf/version.hpp"

namespace quantconf::net {
namespace {

/// Shorter than servers keep a silent connection, so that few requests meet one that is just being closed.
constexpr long kIdleSeconds = 30;

/// Whether packets to this address stay on this machine.
bool is_loopback_address(const curl_sockaddr& address) {
    if (address.family == AF_INET) {
        sockaddr_in to{};
        std::memcpy(&to, &address.addr, sizeof to);
        return (ntohl(to.sin_addr.s_addr) >> 24U) == 127;
    }
    if (address.family == AF_INET6 && address.addrlen >= sizeof(sockaddr_in6)) {
        sockaddr_in6 to{};
        // libcurl's struct is declared shorter than what it holds: addrlen says how long it is.
        std::memcpy(&to, static_cast<const void*>(&address.addr), sizeof to);
        return IN6_IS_ADDR_LOOPBACK(&to.sin6_addr) != 0;
    }
    return false;
}

long in_milliseconds(std::chrono::milliseconds time) {
    return static_cast<long>(std::clamp(time, std::chrono::milliseconds{1}, kTimeoutMax).count());
}

}  // namespace

std::expected<std::unique_ptr<Transfer>, std::string> Transfer::prepare(Request request, const Url& url,
                                                                        const HttpClientOptions& options,
                                                                        const Proxy& proxy) {
    auto outgoing = put_together(request, url);
    if (!outgoing) {
        return std::unexpected{std::move(outgoing.error())};
    }
    std::unique_ptr<Transfer> transfer{new Transfer{std::move(request), std::move(*outgoing)}};
    if (!transfer->handle_) {
        return std::unexpected{"libcurl has no memory left"};
    }
    transfer->set_destination(url, proxy);
    transfer->set_security(options);
    transfer->set_content(options);
    transfer->set_times();
    transfer->set_callbacks();
    return transfer;
}

Transfer::Transfer(Request request, Outgoing outgoing)
    : request_{std::move(request)},
      outgoing_{std::move(outgoing)},
      answer_{request_.max_body},
      handle_{curl_easy_init()} {}

void Transfer::set_destination(const Url& url, const Proxy& proxy) {
    is_for_this_machine_ = is_loopback(url.host);
    set_option(handle_, CURLOPT_PROTOCOLS_STR, url.scheme.c_str());
    set_option(handle_, CURLOPT_URL, outgoing_.url.bytes().data());
    outgoing_.url = {};  // libcurl has its own copy, which is wiped when the handle ends.
    set_option(handle_, CURLOPT_PATH_AS_IS, 1L);
    set_option(handle_, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set_option(handle_, CURLOPT_FOLLOWLOCATION, 0L);
    set_option(handle_, CURLOPT_PROXY, is_for_this_machine_ ? "" : proxy.url.c_str());
    set_option(handle_, CURLOPT_NOPROXY, is_for_this_machine_ ? "*" : proxy.except.c_str());
    set_option(handle_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (url.host == "localhost") {
        pinned_.reset(
            curl_slist_append(nullptr, fmt::format("localhost:{}:127.0.0.1,[::1]", url.port).c_str()));
        set_option(handle_, CURLOPT_RESOLVE, pinned_.get());
    }
}

void Transfer::set_security(const HttpClientOptions& options) {
    set_option(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
    set_option(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
    set_option(handle_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options.ca_file.empty()) {
        set_option(handle_, CURLOPT_CAINFO, options.ca_file.c_str());
        set_option(handle_, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    set_option(handle_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set_option(handle_, CURLOPT_HTTP09_ALLOWED, 0L);
    // Not 2: its header compression keeps keys in memory for as long as the connection lasts.
    set_option(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
}

void Transfer::set_content(const HttpClientOptions& options) {
    if (request_.method == Method::Post) {
        set_option(handle_, CURLOPT_POST, 1L);
        set_option(handle_, CURLOPT_POSTFIELDS, request_.body.c_str());
        set_option(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    }
    const std::string user_agent =
        options.user_agent.empty() ? fmt::format("quantconf/{}", kVersion) : options.user_agent;
    set_option(handle_, CURLOPT_USERAGENT, user_agent.c_str());
    set_option(handle_, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    // Our own count decides, after decompression. Without this, libcurl overlooks a content-length that does
    // not fit in 64 bits, and takes the end of the connection for the end of the body.
    set_option(handle_, CURLOPT_MAXFILESIZE_LARGE, std::numeric_limits<curl_off_t>::max());
    // A list of our own instead of curl_slist_append(), which copies. libcurl only reads it.
    outgoing_.lines.emplace_back("Expect:");
    for (std::string& line : outgoing_.lines) {
        header_list_.push_back({.data = line.data(), .next = nullptr});
    }
    for (crypto::SecretBytes& line : outgoing_.secret_lines) {
        header_list_.push_back({.data = line.bytes().data(), .next = nullptr});
    }
    for (std::size_t i = 1; i < header_list_.size(); ++i) {
        header_list_[i - 1].next = &header_list_[i];
    }
    set_option(handle_, CURLOPT_HTTPHEADER, header_list_.data());
}

void Transfer::set_times() {
    set_option(handle_, CURLOPT_CONNECTTIMEOUT_MS, in_milliseconds(request_.connect_timeout));
    set_option(handle_, CURLOPT_TIMEOUT_MS, in_milliseconds(request_.timeout));
    set_option(handle_, CURLOPT_MAXAGE_CONN, kIdleSeconds);
    set_option(handle_, CURLOPT_NOSIGNAL, 1L);
    // A name server that does not answer must not keep us: its thread ends by itself, later.
    set_option(handle_, CURLOPT_QUICK_EXIT, 1L);
}

void Transfer::set_callbacks() {
    set_option(handle_, CURLOPT_ERRORBUFFER, error_.data());
    set_option(handle_, CURLOPT_PRIVATE, static_cast<void*>(this));
    set_option(handle_, CURLOPT_HEADERFUNCTION, &Transfer::on_line);
    set_option(handle_, CURLOPT_HEADERDATA, static_cast<void*>(this));
    set_option(handle_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set_option(handle_, CURLOPT_WRITEDATA, static_cast<void*>(this));
    set_option(handle_, CURLOPT_PREREQFUNCTION, &Transfer::on_ready);
    set_option(handle_, CURLOPT_PREREQDATA, static_cast<void*>(this));
    set_option(handle_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
    set_option(handle_, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
}

std::size_t Transfer::on_line(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return transfer.answer_.take_line({data, size * count}) ? size * count : CURL_WRITEFUNC_ERROR;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return transfer.answer_.take_body(std::string_view{data, size * count}) ? size * count
                                                                            : CURL_WRITEFUNC_ERROR;
}

/// Called each time when a connection is ready and the request is sent next. libcurl would send it again,
/// also a POST, when a kept connection turns out to be closed; but the first one may have arrived, and been
/// counted.
int Transfer::on_ready(void* self, char* /*to*/, char* /*from*/, int /*to_port*/, int /*from_port*/) {
    auto& progress = static_cast<Transfer*>(self)->progress_;
    if (progress.may_be_sent) {
        progress.was_given_up = true;
        return CURL_PREREQFUNC_ABORT;
    }
    progress.may_be_sent = true;
    return CURL_PREREQFUNC_OK;
}

curl_socket_t Transfer::on_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
    if (static_cast<Transfer*>(self)->is_for_this_machine_ && !is_loopback_address(*address)) {
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

Response Transfer::response(Transport transport, std::string_view detail) {
    Response result{.transport = transport, .was_not_sent = !progress_.may_be_sent};
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    result.status = static_cast<int>(status);
    result.headers = answer_.take_headers();
    result.body = answer_.take_body();
    if (transport != Transport::Ok) {
        result.problem = redactor_for(request_).redacted(problem_of(transport, progress_, detail));
    }
    result.time = std::chrono::steady_clock::now() - start_;
    return result;
}

Response Transfer::finish(CURLcode code) {
    progress_.is_too_large = answer_.is_too_large();
    progress_.has_all_headers = answer_.has_all_headers();
    std::string_view detail{error_.data()};
    if (detail.empty() && code != CURLE_OK) {
        detail = curl_easy_strerror(code);
    }
    return response(transport_of(code, progress_), detail);
}

Response Transfer::cancel() {
    return response(Transport::Cancelled, {});
}

}  // namespace quantconf::net
