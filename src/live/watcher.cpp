#include "live/watcher.hpp"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "live/watched_folders.hpp"
#include "quantconf/hub.hpp"

namespace quantconf::live {
namespace {

/// What the thread, the watcher and its watches have in common. The thread keeps it: a watcher whose last
/// Watch is destroyed on that thread is gone before the thread is.
struct Board {
    Descriptor wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::mutex mutex;
    std::condition_variable ended;
    WatchedFolders folders;
    bool is_over = false;

    void wake_thread() const {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(wake.get(), &one, sizeof one);
    }

    /// Up to now, for somebody who cannot wait for the thread to hear of it.
    void catch_up() {
        if (folders.read()) {
            wake_thread();
        }
    }

    static void listen(const std::shared_ptr<Board>& board, int notices) {
        std::array<pollfd, 2> both{pollfd{.fd = notices, .events = POLLIN, .revents = 0},
                                   pollfd{.fd = board->wake.get(), .events = POLLIN, .revents = 0}};
        while (::poll(both.data(), both.size(), -1) >= 0 || errno == EINTR) {
            std::uint64_t count = 0;
            [[maybe_unused]] const ssize_t size = ::read(board->wake.get(), &count, sizeof count);
            std::vector<std::shared_ptr<Waiting>> concerned;  // Outlives the lock: so may what they own.
            std::unique_lock lock{board->mutex};
            board->folders.read();
            concerned = board->folders.take_concerned();
            for (const auto& waiting : concerned) {
                board->tell(waiting, lock);
            }
            if (board->is_over) {
                return;
            }
        }
    }

    void tell(const std::shared_ptr<Waiting>& waiting, std::unique_lock<std::mutex>& lock) {
        if (!folders.has(waiting)) {
            return;
        }
        waiting->is_running = true;
        waiting->runs_on = std::this_thread::get_id();
        lock.unlock();
        waiting->changed();
        lock.lock();
        waiting->is_running = false;
        waiting->runs_on = {};
        ended.notify_all();
    }
};

class ListeningWatcher final : public Watcher, public std::enable_shared_from_this<ListeningWatcher> {
public:
    explicit ListeningWatcher(std::function<std::unique_ptr<Notifications>()> open)
        : open_{std::move(open)} {}
    ~ListeningWatcher() override {
        if (!thread_.joinable()) {
            return;
        }
        if (!process_.is_here()) {
            new std::thread{std::move(thread_)};  // The parent's; it cannot be joined here.
            return;
        }
        {
            const std::lock_guard lock{board_->mutex};
            board_->is_over = true;
        }
        board_->wake_thread();
        if (thread_.get_id() == std::this_thread::get_id()) {
            thread_.detach();
        } else {
            thread_.join();
        }
    }

    [[nodiscard]] std::unique_ptr<Watch> watch(const std::vector<std::filesystem::path>& files,
                                               std::function<void()> changed) override;

    void end(const std::shared_ptr<Waiting>& waiting) {
        std::unique_lock lock{board_->mutex};
        board_->folders.remove(waiting);
        if (waiting->runs_on != std::this_thread::get_id()) {
            board_->ended.wait(lock, [&] { return !waiting->is_running; });
        }
    }
    [[nodiscard]] bool is_here() const noexcept { return process_.is_here(); }
    [[nodiscard]] Board& board() noexcept { return *board_; }

private:
    void start();

    std::function<std::unique_ptr<Notifications>()> open_;
    detail::ProcessMark process_;
    std::shared_ptr<Board> board_ = std::make_shared<Board>();
    std::thread thread_;
};

class ListeningWatch final : public Watch {
public:
    ListeningWatch(std::shared_ptr<ListeningWatcher> watcher, std::shared_ptr<Waiting> waiting)
        : watcher_{std::move(watcher)}, waiting_{std::move(waiting)} {}
    ~ListeningWatch() override {
        if (watcher_->is_here()) {
            watcher_->end(waiting_);
        } else {
            // Its locks may be held by threads of the parent.
            new std::shared_ptr<ListeningWatcher>{std::move(watcher_)};
        }
    }
    [[nodiscard]] bool is_complete() const override {
        const std::lock_guard lock{watcher_->board().mutex};
        return waiting_->is_complete;
    }
    [[nodiscard]] bool is_being_written() const override {
        const std::lock_guard lock{watcher_->board().mutex};
        watcher_->board().catch_up();
        if (!waiting_->being_written.empty()) {
            watcher_->board().folders.ask_for_writers(waiting_);
            watcher_->board().catch_up();
        }
        return !waiting_->being_written.empty();
    }
    [[nodiscard]] std::uint64_t events() const override {
        const std::lock_guard lock{watcher_->board().mutex};
        watcher_->board().catch_up();
        return waiting_->events;
    }

private:
    std::shared_ptr<ListeningWatcher> watcher_;
    std::shared_ptr<Waiting> waiting_;
};

std::unique_ptr<Watch> ListeningWatcher::watch(const std::vector<std::filesystem::path>& files,
                                               std::function<void()> changed) {
    const auto waiting = std::make_shared<Waiting>(Waiting{.files = files, .changed = std::move(changed)});
    {
        const std::lock_guard lock{board_->mutex};
        start();
        board_->folders.add(waiting);
    }
    return std::make_unique<ListeningWatch>(shared_from_this(), waiting);
}

void ListeningWatcher::start() {
    if (thread_.joinable() || !board_->wake.is_open()) {
        return;
    }
    auto notifications = open_();
    if (notifications == nullptr) {
        return;
    }
    const int notices = notifications->descriptor();
    board_->folders.use(std::move(notifications));
    thread_ = std::thread{[board = board_, notices] { Board::listen(board, notices); }};
}

}  // namespace

std::shared_ptr<Watcher> Watcher::over(std::function<std::unique_ptr<Notifications>()> open) {
    return std::make_shared<ListeningWatcher>(std::move(open));
}

std::shared_ptr<Watcher> Watcher::of_process() {
    static std::mutex mutex;
    static std::weak_ptr<ListeningWatcher> current;
    const std::lock_guard lock{mutex};
    auto watcher = current.lock();
    if (watcher == nullptr || !watcher->is_here()) {
        if (watcher != nullptr) {
            new std::shared_ptr<ListeningWatcher>{std::move(watcher)};  // The parent's.
        }
        watcher = std::make_shared<ListeningWatcher>(Notifications::of_kernel);
        current = watcher;
    }
    return watcher;
}

}  // namespace quantconf::live
