#include "live/caller.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace quantconf::live {

/// What the thread and those who give it work have in common; it stays as long as either needs it.
struct Caller::Room {
    std::mutex mutex;
    std::condition_variable changed;
    std::function<void()> work;
    bool is_busy = false;
    bool is_over = false;
    std::thread thread;

    static void live_in(const std::shared_ptr<Room>& room) {
        std::unique_lock lock{room->mutex};
        while (true) {
            room->changed.wait(lock, [&] { return room->is_over || room->work; });
            if (!room->work) {
                return;
            }
            auto work = std::exchange(room->work, {});
            lock.unlock();
            work();
            work = {};  // What it owned is somebody else's code, too: not under the lock.
            lock.lock();
            room->is_busy = false;
            room->changed.notify_all();
        }
    }
};

Caller::~Caller() {
    if (room_ == nullptr) {
        return;
    }
    {
        const std::lock_guard lock{room_->mutex};
        room_->is_over = true;
        room_->changed.notify_all();
    }
    if (room_->thread.get_id() == std::this_thread::get_id()) {
        room_->thread.detach();
    } else {
        room_->thread.join();
    }
}

bool Caller::run(std::function<void()> work, std::chrono::milliseconds deadline) {
    if (room_ == nullptr) {
        room_ = std::make_shared<Room>();
        room_->thread = std::thread{[room = room_] { Room::live_in(room); }};
    }
    std::unique_lock lock{room_->mutex};
    room_->work = std::move(work);
    room_->is_busy = true;
    room_->changed.notify_all();
    if (room_->changed.wait_for(lock, deadline, [&] { return !room_->is_busy; })) {
        return true;
    }
    room_->is_over = true;  // It ends when the work does.
    room_->thread.detach();
    lock.unlock();
    room_.reset();
    return false;
}

}  // namespace quantconf::live
