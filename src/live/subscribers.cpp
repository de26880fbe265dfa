#include "live/subscribers.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <utility>

#include <fmt/format.h>

namespace quantconf::live {
namespace {

/// Whose call this thread is in, from the innermost outwards. A subscriber that missed its deadline is in
/// here until it ends.
thread_local std::vector<const void*> inside;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

class Inside {
public:
    Inside(const void* subscribers, const void* entry) {
        inside.push_back(subscribers);
        inside.push_back(entry);
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside() { inside.resize(inside.size() - 2); }
};

bool is_in(const void* what) {
    return std::ranges::find(inside, what) != inside.end();
}

/// What a call came to, for whoever waits for it.
struct Answer {
    std::mutex mutex;
    std::optional<std::string> veto;
};

}  // namespace

struct Subscribers::Entry {
    std::string path;
    detail::UntypedCallbacks callbacks;
    const void* subscribers;

    std::mutex mutex;
    std::condition_variable ended;
    int running = 0;
    bool is_removed = false;

    /// False if it has been removed; then it is not called again.
    bool begin() {
        const std::lock_guard lock{mutex};
        if (is_removed) {
            return false;
        }
        ++running;
        return true;
    }
    void end() {
        const std::lock_guard lock{mutex};
        --running;
        ended.notify_all();
    }
};

class Subscribers::Handle final : public detail::Unsubscribe {
public:
    explicit Handle(std::shared_ptr<Entry> entry) : entry_{std::move(entry)} {}
    ~Handle() override {
        std::unique_lock lock{entry_->mutex};
        entry_->is_removed = true;
        if (!is_in(entry_.get())) {
            entry_->ended.wait(lock, [this] { return entry_->running == 0; });
        }
    }

private:
    std::shared_ptr<Entry> entry_;
};

Subscribers::Subscribers() = default;
Subscribers::~Subscribers() = default;

std::unique_ptr<detail::Unsubscribe> Subscribers::add(std::string path, detail::UntypedCallbacks callbacks) {
    auto entry = std::make_shared<Entry>();
    entry->path = std::move(path);
    entry->callbacks = std::move(callbacks);
    entry->subscribers = this;
    const MutexLock lock{mutex_};
    std::erase_if(entries_, [](const std::shared_ptr<Entry>& old) {
        const std::lock_guard held{old->mutex};
        return old->is_removed;
    });
    entries_.push_back(entry);
    return std::make_unique<Handle>(std::move(entry));
}

std::vector<std::shared_ptr<Subscribers::Entry>> Subscribers::concerned(const ConfigChanges& changes) {
    std::vector<std::shared_ptr<Entry>> found;
    const MutexLock lock{mutex_};
    for (const auto& entry : entries_) {
        if (std::ranges::any_of(
                changes, [&](const ConfigChange& change) { return concerns(entry->path, change.path); })) {
            found.push_back(entry);
        }
    }
    return found;
}

std::optional<Veto> Subscribers::prepare(const std::shared_ptr<const Announcement>& announcement) {
    for (const auto& entry : concerned(announcement->changes)) {
        if (!entry->callbacks.prepare) {
            continue;
        }
        const auto answer = std::make_shared<Answer>();
        const bool is_in_time = caller_.run(
            [entry, announcement, answer] {
                if (!entry->begin()) {
                    return;
                }
                std::optional<std::string> veto;
                {
                    const Inside mark{entry->subscribers, entry.get()};
                    try {
                        veto = entry->callbacks.prepare({.before = announcement->before.get(),
                                                         .after = announcement->after.get(),
                                                         .changes = announcement->changes,
                                                         .version = announcement->version});
                    } catch (const std::exception& thrown) {
                        veto = fmt::format("the subscriber threw: {}", thrown.what());
                    } catch (...) {
                        veto = "the subscriber threw something that is no std::exception";
                    }
                }
                {
                    const std::lock_guard lock{answer->mutex};
                    answer->veto = std::move(veto);
                }
                entry->end();
            },
            entry->callbacks.deadline);
        if (!is_in_time) {
            return Veto{.path = entry->path,
                        .reason = fmt::format("the subscriber did not answer within {} ms",
                                              entry->callbacks.deadline.count())};
        }
        const std::lock_guard lock{answer->mutex};
        if (answer->veto) {
            return Veto{.path = entry->path, .reason = *answer->veto};
        }
    }
    return is_over() ? std::optional{Veto{.path = {}, .reason = "the configuration is no longer followed"}}
                     : std::nullopt;
}

std::size_t Subscribers::commit(const std::shared_ptr<const Announcement>& announcement) {
    std::size_t failures = 0;
    for (const auto& entry : concerned(announcement->changes)) {
        if (!entry->callbacks.commit) {
            continue;
        }
        const auto has_thrown = std::make_shared<std::atomic<bool>>(false);
        const bool is_in_time = caller_.run(
            [entry, announcement, has_thrown] {
                if (!entry->begin()) {
                    return;
                }
                {
                    const Inside mark{entry->subscribers, entry.get()};
                    try {
                        entry->callbacks.commit({.before = announcement->before.get(),
                                                 .after = announcement->after.get(),
                                                 .changes = announcement->changes,
                                                 .version = announcement->version});
                    } catch (...) {
                        *has_thrown = true;
                    }
                }
                entry->end();
            },
            entry->callbacks.deadline);
        failures += !is_in_time || *has_thrown ? 1U : 0U;
    }
    return failures;
}

void Subscribers::end_all() {
    const MutexLock lock{mutex_};
    is_over_ = true;
    for (const auto& entry : entries_) {
        const std::lock_guard held{entry->mutex};
        entry->is_removed = true;
    }
}

void Subscribers::before_fork() QC_ANNOTATE(no_thread_safety_analysis) {
    mutex_.lock();
    for (const auto& entry : entries_) {
        entry->mutex.lock();
    }
}

void Subscribers::after_fork(bool is_child) QC_ANNOTATE(no_thread_safety_analysis) {
    for (const auto& entry : entries_) {
        if (is_child) {
            entry->running = is_in(entry.get()) ? 1 : 0;
            // Threads of the parent may wait here; the child has none of them, and would wait for them.
            new (&entry->ended) std::condition_variable;
        }
        entry->mutex.unlock();
    }
    mutex_.unlock();
}

void Subscribers::take_over(Subscribers& parent) {
    std::vector<std::shared_ptr<Entry>> inherited;
    {
        const MutexLock lock{parent.mutex_};
        inherited.swap(parent.entries_);
    }
    const MutexLock lock{mutex_};
    for (auto& entry : inherited) {
        entry->subscribers = this;
        entries_.push_back(std::move(entry));
    }
}

bool Subscribers::is_over() const {
    const MutexLock lock{mutex_};
    return is_over_;
}

bool Subscribers::is_inside() const noexcept {
    return is_in(this);
}

bool concerns(std::string_view watched, std::string_view changed) {
    const auto is_at_or_above = [](std::string_view above, std::string_view path) {
        return above.empty() || above == path || (path.starts_with(above) && path[above.size()] == '.');
    };
    return is_at_or_above(watched, changed) || is_at_or_above(changed, watched);
}

}  // namespace quantconf::live
