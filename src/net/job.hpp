#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "net/http.hpp"
#include "net/http_client.hpp"
#include "net/url.hpp"

namespace quantconf::net {

/// A request until its completion was called.
struct Job {
    std::uint64_t number = 0;  ///< Counts up: who came first.
    Request request = {};
    std::expected<Url, std::string> url = {};
    HttpClient::Completion done = {};
    std::atomic<bool> is_cancelled = false;
    /// The last member: once it is gone, nobody sets is_cancelled any more.
    std::optional<std::stop_callback<std::function<void()>>> on_stop = {};

    /// Calls the completion. Nothing else may follow.
    void complete(Response response) {
        on_stop.reset();
        std::exchange(done, {})(std::move(response));
    }
};

}  // namespace quantconf::net
