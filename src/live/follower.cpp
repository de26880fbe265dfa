#include "live/follower.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace quantconf::live {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kRestAtMost{1};     ///< Changes that never rest are looked at this often.
constexpr std::chrono::seconds kWriterAtMost{10};  ///< How long a file that somebody writes to is waited for.
constexpr std::chrono::milliseconds kWriterPause{5};  ///< Between two looks whether it is closed.

}  // namespace

struct Follower::Loop {
    std::shared_ptr<Engine> engine;
    std::shared_ptr<Watcher> watcher;
    FollowerOptions options;

    std::mutex mutex;
    std::condition_variable woken;
    bool is_over = false;
    bool has_changed = false;
    Clock::time_point last_change{};
    std::vector<std::filesystem::path> watched{};
    std::unique_ptr<Watch> watch{};

    /// From the watcher's thread.
    void note_change() {
        const std::lock_guard lock{mutex};
        has_changed = true;
        last_change = Clock::now();
        woken.notify_all();
    }

    /// Watches what the last load has asked for.
    void watch_files(const std::shared_ptr<Loop>& self) {
        std::vector<std::filesystem::path> files;
        for (const auto& [path, found] : engine->files_seen()) {
            files.push_back(path);
        }
        if (watch == nullptr || files != watched) {
            auto fresh = watcher->watch(files, [weak = std::weak_ptr{self}] {
                if (const auto loop = weak.lock()) {
                    loop->note_change();
                }
            });
            watch = std::move(fresh);
            watched = std::move(files);
        }
        engine->set_watcher_active(watch->is_complete());
    }

    /// Whether the files are as the last load has found them. Who cannot be asked has changed.
    [[nodiscard]] bool is_as_seen() const {
        return std::ranges::all_of(engine->files_seen(), [](const auto& seen) {
            const auto now = fingerprint_of(seen.first);
            return now && *now == seen.second;
        });
    }

    /// Until something has changed, the next look is due, or it is over.
    void wait(std::unique_lock<std::mutex>& lock) {
        auto until = Clock::now() + options.poll;
        if (const auto again = engine->look_again_at()) {
            until = std::min(until, *again);
        }
        woken.wait_until(lock, until, [this] { return is_over || has_changed; });
    }

    /// Until nothing has changed for the debounce, and nobody is in the middle of writing.
    void let_rest(std::unique_lock<std::mutex>& lock) {
        const auto began = Clock::now();
        while (!is_over) {
            const auto rested = last_change + options.debounce;
            const auto until = std::min(rested, began + kRestAtMost);
            if (Clock::now() < until) {
                woken.wait_until(lock, until, [this] { return is_over; });
                continue;
            }
            lock.unlock();
            const bool is_in_the_middle = watch != nullptr && watch->is_being_written();
            lock.lock();
            if (!is_in_the_middle || Clock::now() >= began + kWriterAtMost) {
                break;
            }
            woken.wait_for(lock, kWriterPause, [this] { return is_over; });
        }
    }

    void run(const std::shared_ptr<Loop>& self) {
        watch_files(self);
        bool is_due = !is_as_seen();  // What happened between the first load and the watch.
        std::unique_lock lock{mutex};
        while (!is_over) {
            if (!is_due) {
                wait(lock);
            }
            if (is_over) {
                return;
            }
            if (has_changed) {
                let_rest(lock);
            }
            const bool was_told = std::exchange(has_changed, false);
            if (is_over) {
                return;
            }
            lock.unlock();
            const auto again = engine->look_again_at();
            const bool is_waited_for = again && Clock::now() >= *again;
            if (is_due || is_waited_for || !is_as_seen()) {
                (void)engine->reload({});  // What went wrong stands in health.
                watch_files(self);
                is_due = false;
            } else if (was_told) {
                watch_files(self);
            }
            lock.lock();
        }
    }
};

Follower::Follower(std::shared_ptr<Engine> engine, std::shared_ptr<Watcher> watcher, FollowerOptions options)
    : loop_{std::make_shared<Loop>()} {
    loop_->engine = std::move(engine);
    loop_->watcher = std::move(watcher);
    loop_->options = options;
    thread_ = std::thread{[loop = loop_] { loop->run(loop); }};
}

Follower::~Follower() {
    {
        const std::lock_guard lock{loop_->mutex};
        loop_->is_over = true;
        loop_->woken.notify_all();
    }
    if (thread_.get_id() == std::this_thread::get_id()) {
        thread_.detach();
    } else {
        thread_.join();
    }
}

}  // namespace quantconf::live
