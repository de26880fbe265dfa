#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/job.hpp"

namespace quantconf::net {

/// Requests that wait for a connection, and how many are used. One thread.
///
/// First come, first served; but a request whose host has all its connections in use is overtaken by those of
/// other hosts.
class Waiting {
public:
    Waiting(std::size_t max_total, std::size_t max_per_host)
        : max_total_{max_total}, max_per_host_{max_per_host} {}

    void add(std::unique_ptr<Job> job);
    /// The next one that may start now; it counts as running until `release`. Null: none.
    [[nodiscard]] std::unique_ptr<Job> next();
    /// One that was started has ended.
    void release(const Url& url);
    /// Takes out those that are cancelled, or all.
    [[nodiscard]] std::vector<std::unique_ptr<Job>> take_cancelled();
    [[nodiscard]] std::vector<std::unique_ptr<Job>> take_all();

private:
    struct Host {
        std::size_t running = 0;
        std::deque<std::unique_ptr<Job>> waiting = {};
    };

    std::size_t max_total_;
    std::size_t max_per_host_;
    std::size_t running_ = 0;
    std::map<std::string, Host> hosts_ = {};  ///< Only those with something to do.
};

}  // namespace quantconf::net
