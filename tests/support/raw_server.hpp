#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace quantconf::net {

/// The server's end of one connection: bytes in, bytes out, nothing is checked. Errors end things quietly.
class Peer {
public:
    explicit Peer(int socket) : socket_{socket} {}

    /// The next request as it came, with the body that its content-length promises. Empty: there is none.
    [[nodiscard]] std::string read_request() {
        std::size_t head_end = 0;
        while ((head_end = input_.find("\r\n\r\n")) == std::string::npos) {
            if (!read_more()) {
                return {};
            }
        }
        std::size_t size = head_end + 4;
        const std::string head = ascii_lower(input_.substr(0, size));
        constexpr std::string_view kLength = "\r\ncontent-length: ";
        if (const auto at = head.find(kLength); at != std::string::npos) {
            size += std::stoul(head.substr(at + kLength.size()));
        }
        while (input_.size() < size) {
            if (!read_more()) {
                return {};
            }
        }
        std::string request = input_.substr(0, size);
        input_.erase(0, size);
        return request;
    }

    /// False once the client has gone.
    bool write(std::string_view bytes) {  // NOLINT(modernize-use-nodiscard)
        while (!bytes.empty()) {
            const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    /// Until the client closes, or the server ends.
    void wait_for_close() {
        while (read_more()) {
        }
    }
    /// Waits a moment for it; true if the client has closed.
    [[nodiscard]] bool closes_within(int milliseconds) {
        pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
        return ::poll(&waiting, 1, milliseconds) > 0 && !read_more();
    }
    void end_writing() { ::shutdown(socket_, SHUT_WR); }
    /// The connection ends with an error (RST) instead of an end.
    void reset() {
        const linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }

private:
    bool read_more() {
        char buffer[4096];
        const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
        if (count <= 0) {
            return false;
        }
        input_.append(buffer, static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    std::string input_ = {};
};

/// A server on a free port of 127.0.0.1. Each connection gets a thread that runs `serve` and then closes.
class RawServer {
public:
    using Serve = std::function<void(Peer&)>;

    explicit RawServer(Serve serve)
        : serve_{std::move(serve)}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        QC_ASSERT(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
        QC_ASSERT(::listen(listener_, 128) == 0);
        QC_ASSERT(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        accepting_ = std::thread{[this] { accept_all(); }};
    }
    ~RawServer() {
        ::shutdown(listener_, SHUT_RDWR);
        accepting_.join();
        {
            const std::lock_guard lock{mutex_};
            for (const int socket : open_) {
                ::shutdown(socket, SHUT_RDWR);
            }
        }
        for (std::thread& thread : threads_) {
            thread.join();
        }
        ::close(listener_);
    }
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    [[nodiscard]] std::string url(std::string_view path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string{path};
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int connections() const { return connections_; }

private:
    void accept_all() {
        for (;;) {
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) {
                return;
            }
            ++connections_;
            const std::lock_guard lock{mutex_};
            open_.push_back(socket);
            threads_.emplace_back([this, socket] {
                Peer peer{socket};
                serve_(peer);
                const std::lock_guard closing{mutex_};
                std::erase(open_, socket);
                ::close(socket);
            });
        }
    }

    Serve serve_;
    int listener_;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;
    std::vector<int> open_;
    std::vector<std::thread> threads_;
    std::thread accepting_;
};

/// Answers every request of a connection with the same bytes.
inline RawServer::Serve always(std::string answer) {
    return [answer = std::move(answer)](Peer& peer) {
        while (!peer.read_request().empty() && peer.write(answer)) {
        }
    };
}

/// Answers one request and closes.
inline RawServer::Serve once(std::string answer) {
    return [answer = std::move(answer)](Peer& peer) {
        static_cast<void>(peer.read_request());
        peer.write(answer);
    };
}

inline const std::string kFine =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nfine";

}  // namespace quantconf::net
