// Where a key may travel, and where it must not stay. Numbers as in the list of threats.

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "crypto/random.hpp"
#include "crypto/test_memory.hpp"
#include "net/http_client.hpp"
#include "support/raw_server.hpp"

using namespace std::chrono_literals;

namespace quantconf::net {
namespace {

HttpClient client(HttpClientOptions options = {}) {
    return std::move(HttpClient::create(std::move(options)).value());
}

Request with_key(std::string url) {
    return {.url = std::move(url),
            .secret_headers = {{.name = "Authorization",
                                .before = "Bearer ",
                                .secret = Secret::plain("Zq9-canary")}},
            .secret_parameters = {{.name = "apikey", .secret = Secret::plain("Zq9-canary")}}};
}

TEST(WhereKeysGo, t52_a_key_never_travels_along_a_redirect) {
    RawServer other{always(kFine)};
    const std::string to_other = "http://127.0.0.1:" + std::to_string(other.port()) + "/stolen";
    for (const char* status : {"301", "302", "303", "307", "308", "300", "305", "201"}) {
        std::atomic<int> requests = 0;
        RawServer first{[&](Peer& peer) {
            while (!peer.read_request().empty()) {
                ++requests;
                peer.write(std::string{"HTTP/1.1 "} + status + " Elsewhere\r\nLocation: " + to_other +
                           "\r\nRefresh: 0; url=" + to_other + "\r\nContent-Location: " + to_other +
                           "\r\nAlt-Svc: http/1.1=\"127.0.0.1:" + std::to_string(other.port()) +
                           "\"\r\nContent-Length: 0\r\n\r\n");
            }
        }};
        HttpClient http = client();

        for (int i = 1; i != 3; ++i) {
            const Response answer = http.send_and_wait(with_key(first.url()));
            EXPECT_EQ(answer.transport, Transport::Ok);
            EXPECT_EQ(answer.status, std::stoi(status));
            EXPECT_EQ(answer.header("location"), to_other);
            EXPECT_EQ(requests, i);
        }
    }
    EXPECT_EQ(other.connections(), 0);
}

TEST(WhereKeysGo, a_redirect_to_the_same_server_is_not_followed_either) {
    std::atomic<int> requests = 0;
    RawServer server{[&](Peer& peer) {
        while (!peer.read_request().empty()) {
            ++requests;
            peer.write("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n");
        }
    }};
    EXPECT_EQ(client().send_and_wait(with_key(server.url())).status, 302);
    EXPECT_EQ(requests, 1);
}

TEST(WhereKeysGo, requests_to_this_machine_take_no_proxy) {
    RawServer proxy{always(kFine)};
    RawServer server{always("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ndirect")};
    HttpClient http = client({.proxy = Proxy{.url = proxy.url()}});

    EXPECT_EQ(http.send_and_wait(with_key(server.url())).body, "direct");
    EXPECT_EQ(proxy.connections(), 0);
}

TEST(WhereKeysGo, the_variables_for_proxies_hold_for_other_machines_alone) {
    RawServer proxy{always("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")};
    RawServer server{always("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ndirect")};
    for (const char* name : {"http_proxy", "https_proxy", "all_proxy"}) {
        ASSERT_EQ(::setenv(name, proxy.url().c_str(), 1), 0);
    }
    HttpClient http = client();
    for (const char* name : {"http_proxy", "https_proxy", "all_proxy"}) {
        ASSERT_EQ(::unsetenv(name), 0);
    }

    EXPECT_EQ(http.send_and_wait({.url = server.url()}).body, "direct");
    EXPECT_EQ(proxy.connections(), 0);
    EXPECT_EQ(http.send_and_wait({.url = "https://api.example/"}).transport, Transport::Connect);
    EXPECT_EQ(proxy.connections(), 1);
}

TEST(WhereKeysGo, a_proxy_sees_the_host_and_nothing_else) {
    std::string seen;
    RawServer proxy{[&](Peer& peer) {
        seen = peer.read_request();
        peer.write(
            "HTTP/1.1 407 Proxy Authentication Required\r\nX-From: proxy\r\nContent-Length: 0\r\n\r\n");
    }};
    const std::string url = "http://me:Zq9-canary-proxy@127.0.0.1:" + std::to_string(proxy.port());
    HttpClient http = client({.proxy = Proxy{.url = url}});

    const Response answer = http.send_and_wait(with_key("https://api.example/v1"));

    EXPECT_EQ(answer.transport, Transport::Connect) << answer.problem;
    EXPECT_TRUE(answer.was_not_sent);
    EXPECT_EQ(answer.header("x-from"), "");
    EXPECT_TRUE(seen.starts_with("CONNECT api.example:443 HTTP/1.1\r\n")) << seen;
    EXPECT_FALSE(seen.contains("Zq9-canary"));
    EXPECT_FALSE(answer.problem.contains("canary")) << answer.problem;
}

TEST(WhereKeysGo, cookies_are_not_kept) {
    std::string second;
    RawServer server{[&](Peer& peer) {
        static_cast<void>(peer.read_request());
        peer.write("HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n");
        second = peer.read_request();
        peer.write(kFine);
    }};
    HttpClient http = client();
    EXPECT_EQ(http.send_and_wait({.url = server.url()}).status, 200);
    EXPECT_EQ(http.send_and_wait({.url = server.url()}).body, "fine");

    EXPECT_FALSE(second.contains("ookie")) << second;
}

TEST(WhereKeysGo, what_a_server_says_about_a_failure_is_shown_without_keys) {
    RawServer server{once("HTTP/1.1 200 OK\r\nTransfer-Encoding: Zq9-canary\x1b[2J\r\n\r\n")};

    const Response answer = client().send_and_wait(with_key(server.url()));

    EXPECT_FALSE(answer.problem.contains("canary")) << answer.problem;
    EXPECT_FALSE(answer.problem.contains('\x1b')) << answer.problem;
}

/// A server in a process of its own: what it reads is not in our memory. Single-threaded when it starts.
class ForkedServer {
public:
    ForkedServer() : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        QC_ASSERT(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
        QC_ASSERT(::listen(listener_, 16) == 0);
        QC_ASSERT(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        process_ = ::fork();
        QC_ASSERT(process_ >= 0);
        if (process_ == 0) {
            for (int socket = 0; (socket = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(socket)) {
                Peer peer{socket};
                while (!peer.read_request().empty() && peer.write(kFine)) {
                }
            }
            ::_exit(0);
        }
    }
    ~ForkedServer() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        ::close(listener_);
    }
    ForkedServer(const ForkedServer&) = delete;
    ForkedServer& operator=(const ForkedServer&) = delete;

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

private:
    int listener_;
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
};

TEST(WhereKeysGo, no_copy_of_a_key_stays_in_memory_when_its_request_has_ended) {
    if (crypto::kIsSanitized) {
        GTEST_SKIP() << "freed memory is kept aside";
    }
    ForkedServer server;
    std::optional<HttpClient> http{client()};
    // 32 letters and digits at random: they look the same in a URL and in a header.
    crypto::SecretBytes letters = crypto::Canary{}.secret();
    for (char& c : letters.bytes()) {
        c = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"[static_cast<unsigned char>(c) &
                                                                               63U];
    }
    const crypto::Canary canary{letters.view()};
    std::optional<Secret> key = Secret::plain(letters.view());
    letters = {};
    ASSERT_EQ(crypto::count_in_memory(canary), 1U);

    for (int i = 0; i != 3; ++i) {
        EXPECT_EQ(http->send_and_wait({.url = server.url(),
                                       .secret_headers = {{.name = "x", .before = "Bearer ", .secret = *key}},
                                       .secret_parameters = {{.name = "k", .secret = *key}}})
                      .body,
                  "fine");
    }

    // The connection is kept; the key is not.
    EXPECT_EQ(crypto::count_in_memory(canary), 1U);
    key.reset();
    EXPECT_EQ(crypto::count_in_memory(canary), 0U);
    http.reset();
}

}  // namespace
}  // namespace quantconf::net
