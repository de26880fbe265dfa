#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "live/engine.hpp"
#include "live/watcher.hpp"

namespace quantconf::live {

struct FollowerOptions {
    std::chrono::milliseconds debounce{30};
    std::chrono::milliseconds poll{5'000};
};

/// Reloads an engine when its files change: a thread that waits for the watcher, lets the changes come to
/// rest, and looks now and then although nobody said anything, because not every file system tells.
///
/// The thread keeps what it needs; whoever destroys the follower from one of its own callbacks leaves the
/// thread to end by itself.
class Follower {
public:
    Follower(std::shared_ptr<Engine> engine, std::shared_ptr<Watcher> watcher, FollowerOptions options);
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;
    ~Follower();

private:
    struct Loop;

    std::shared_ptr<Loop> loop_;
    std::thread thread_;
};

}  // namespace quantconf::live
