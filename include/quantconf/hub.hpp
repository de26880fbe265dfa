#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "quantconf/detail/mutex.hpp"

namespace quantconf {

namespace detail {

/// Tells a forked child from the process that made something.
class ProcessMark {
public:
    ProcessMark() noexcept;
    [[nodiscard]] bool is_here() const noexcept;

private:
    long process_;
};

}  // namespace detail

/// Hands one immutable T to many reader threads and replaces it while they run.
///
/// Each reader owns a mailbox. publish() drops the new version into every mailbox; a reader picks it up on
/// its own schedule with one atomic exchange. Readers therefore never lock, never retry, never allocate and
/// never free: versions that they have finished with go back through the mailbox and are destroyed by the
/// next publish(). A reader keeps at most the version it shows, the one that waits for it, and those it
/// finished since the last publish().
///
/// Readers may outlive the hub. In a forked child a reader goes on with the version it had.
///
/// Memory orders. tests/stress/memory_orders.py weakens them one by one, and ThreadSanitizer then finds the
/// race that is named here:
///
/// - `incoming`, written by publish(), release: a reader that takes a version sees what is in it.
/// - `incoming`, taken by the reader, acquire: the other half.
/// - `finished`, written by the reader, release: its last look at a version comes before the destruction.
/// - `finished`, taken by publish(), acquire: the other half.
///
/// latest() itself looks with relaxed order: nothing is read through that pointer before it was taken.
template <typename T>
class Hub {
    struct Version {
        std::shared_ptr<const T> value;
        Version* next = nullptr;
    };

    /// What reader and hub have in common. On a cache line of its own: two readers do not slow each other
    /// down.
    struct alignas(64) Mailbox {
        std::atomic<Version*> incoming = nullptr;  ///< By the hub; taken by the reader.
        std::atomic<Version*> finished = nullptr;  ///< By the reader; taken by the hub.
        Version* current = nullptr;                ///< The reader's alone.
    };

    struct Shared {
        Mutex mutex;
        std::shared_ptr<const T> newest QC_GUARDED_BY(mutex);
        std::vector<std::unique_ptr<Mailbox>> mailboxes QC_GUARDED_BY(mutex);
        detail::ProcessMark process;
    };

public:
    /// One thread's view: use it from one thread at a time. Moving it is fine, copying is not.
    class Reader {
    public:
        Reader(Reader&& other) noexcept
            : value_{other.value_},
              mailbox_{std::exchange(other.mailbox_, nullptr)},
              shared_{std::move(other.shared_)} {}
        Reader& operator=(Reader&&) = delete;
        Reader(const Reader&) = delete;
        Reader& operator=(const Reader&) = delete;
        ~Reader() {
            if (mailbox_ != nullptr) {
                unregister();
            }
        }

        /// The newest version. The reference is good until the next latest() of this reader. Wait-free; once
        /// a version one exchange and three stores more.
        [[nodiscard]] const T& latest() noexcept {
            if (mailbox_->incoming.load(std::memory_order_relaxed) != nullptr) [[unlikely]] {
                take();
            }
            return *value_;
        }

        /// What the last latest() gave; before the first one, what was newest when the reader was made. Never
        /// moves on by itself: everything that one decision reads comes from one version.
        [[nodiscard]] const T& held() const noexcept { return *value_; }

    private:
        friend class Hub;
        Reader(std::shared_ptr<Shared> shared, Mailbox* mailbox)
            : value_{mailbox->current->value.get()}, mailbox_{mailbox}, shared_{std::move(shared)} {}

        void take() noexcept {
            Version* const newest = mailbox_->incoming.exchange(nullptr, std::memory_order_acquire);
            // Only this thread adds to `finished`, publish() only empties it: no loop is needed.
            mailbox_->current->next = mailbox_->finished.exchange(nullptr, std::memory_order_relaxed);
            mailbox_->finished.store(mailbox_->current, std::memory_order_release);
            mailbox_->current = newest;
            value_ = newest->value.get();
        }

        void unregister() noexcept {
            if (!shared_->process.is_here()) {
                // The lock may have been held by a thread that this child does not have. What is left is the
                // parent's.
                new std::shared_ptr<Shared>{std::move(shared_)};
                return;
            }
            const MutexLock lock{shared_->mutex};
            destroy(mailbox_->incoming.load(std::memory_order_acquire));
            destroy(mailbox_->finished.load(std::memory_order_acquire));
            destroy(mailbox_->current);
            std::erase_if(shared_->mailboxes, [this](const auto& owned) { return owned.get() == mailbox_; });
        }

        const T* value_;  ///< Held here, so that a read costs no more than through a pointer of one's own.
        Mailbox* mailbox_;
        std::shared_ptr<Shared> shared_;
    };

    explicit Hub(std::shared_ptr<const T> first) : shared_{std::make_shared<Shared>()} {
        const MutexLock lock{shared_->mutex};
        shared_->newest = std::move(first);
    }
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;
    ~Hub() = default;

    /// A new view, which shows the newest version. Takes a lock: one for each thread, made before its loop.
    [[nodiscard]] Reader reader() {
        auto mailbox = std::make_unique<Mailbox>();
        const MutexLock lock{shared_->mutex};
        mailbox->current = new Version{shared_->newest};
        shared_->mailboxes.push_back(std::move(mailbox));
        return Reader{shared_, shared_->mailboxes.back().get()};
    }

    /// The newest version for code that keeps it as long as it likes. Takes a lock.
    [[nodiscard]] std::shared_ptr<const T> newest() const {
        const MutexLock lock{shared_->mutex};
        return shared_->newest;
    }

    /// Every reader's next latest() gives `value`. Destroys what no reader needs any more, on this thread.
    void publish(std::shared_ptr<const T> value) {
        const MutexLock lock{shared_->mutex};
        shared_->newest = std::move(value);
        for (const auto& mailbox : shared_->mailboxes) {
            destroy(mailbox->finished.exchange(nullptr, std::memory_order_acquire));
            // What comes back was never taken: it is still ours, whatever the order.
            destroy(mailbox->incoming.exchange(new Version{shared_->newest}, std::memory_order_release));
        }
    }

    /// For whoever calls fork() while other threads read: between the two, nobody else holds the lock of this
    /// hub, so that the child can use it. ConfigManager does this by itself.
    void before_fork() QC_ANNOTATE(no_thread_safety_analysis) { shared_->mutex.lock(); }
    void after_fork(bool is_child) QC_ANNOTATE(no_thread_safety_analysis) {
        if (is_child) {
            shared_->process = detail::ProcessMark{};
        }
        shared_->mutex.unlock();
    }

    /// How many readers there are.
    [[nodiscard]] std::size_t readers() const {
        const MutexLock lock{shared_->mutex};
        return shared_->mailboxes.size();
    }

private:
    static void destroy(Version* version) noexcept {
        while (version != nullptr) {
            delete std::exchange(version, version->next);
        }
    }

    std::shared_ptr<Shared> shared_;
};

}  // namespace quantconf
