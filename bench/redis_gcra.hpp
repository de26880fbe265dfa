#pragma once

#include <memory>
#include <string>

/// Redis as others use it for this: GCRA in a Lua script, called by its hash over a Unix socket.
class RedisGcra {
public:
    /// Starts a redis-server of our own in this folder. Nothing if none is installed, or none starts.
    static std::unique_ptr<RedisGcra> start(const std::string& folder);
    RedisGcra(const RedisGcra&) = delete;
    RedisGcra& operator=(const RedisGcra&) = delete;
    ~RedisGcra();

    /// One decision; false if refused.
    bool ask();

private:
    RedisGcra(int server, int socket) : server_{server}, socket_{socket} {}
    std::string call(const std::string& request) const;

    int server_;
    int socket_;
    std::string request_;
};
