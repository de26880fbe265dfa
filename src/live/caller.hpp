#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace quantconf::live {

/// Runs other people's code on a thread of its own, and waits for it only so long. Work that misses its
/// deadline goes on alone: its thread is left to it, and the next work gets a fresh one. The thread is made
/// when it is first needed. One thread at a time.
class Caller {
public:
    Caller() = default;
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;
    /// Waits for the thread if it is idle or about to be; not for work that missed its deadline, and not for
    /// itself.
    ~Caller();

    /// Whether `work` ended in time. It must own what it uses.
    [[nodiscard]] bool run(std::function<void()> work, std::chrono::milliseconds deadline);

private:
    struct Room;

    std::shared_ptr<Room> room_;
};

}  // namespace quantconf::live
