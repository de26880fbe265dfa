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
    /// Changes that never rest are loaded this often, or once a debounce, if that is longer.
    std::chrono::milliseconds rest_at_most{1'000};
    /// A file that somebody has written to and not closed is waited for this long after the last write, and
    /// so long in all. Where the kernel does not say whether somebody has it open (NoWriter), this is also
    /// the delay when only the time of modification was set, or truncate() was given a path: it tells about
    /// them in the same words as about a write.
    std::chrono::milliseconds writer_pauses{10'000};
    std::chrono::milliseconds writer_at_most{60'000};
};

/// Reloads an engine when its files change: a thread that waits for the watcher, lets the changes come to
/// rest, and looks now and then although nobody said anything, because not every file system tells. What is
/// read while somebody begins to change it counts for nothing. A state of the files that was refused is tried
/// again by itself: once a poll where the world was in the way, and sooner if the files look otherwise; after
/// a poll, then less and less often, where it was a subscriber.
///
/// The thread keeps what it needs; whoever destroys the follower from one of its own callbacks, or from a
/// subscriber of its engine, leaves the thread to end by itself.
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
