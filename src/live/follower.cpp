#include "live/follower.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "history/file_change.hpp"
#include "live/problem.hpp"

namespace quantconf::live {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kWriterPause{5};  ///< Between two looks whether a file is closed.
constexpr std::chrono::minutes kRetryAtMost{5};       ///< Between two attempts at what a subscriber refuses.

/// Files as anybody may see them; nothing where nobody can say whether there is something.
using Sight = std::map<std::filesystem::path, std::optional<Fingerprint>>;

std::optional<Fingerprint> look_at(const std::filesystem::path& path) {
    const auto found = fingerprint_of(path);
    return found ? std::optional{*found} : std::nullopt;
}

/// What may happen to the files while they are read without the load counting for nothing.
enum class Patience : std::uint8_t {
    Fresh,  ///< Nothing.
    Thin,   ///< They never rest: whole changes.
    Gone,   ///< Somebody never closes a file: everything.
};

/// Whether the world was in the way: the same files may be accepted at any time.
bool is_of_the_world(const Engine::Result& result) {
    return !result && std::holds_alternative<Error>(result.error());
}

bool is_vetoed(const Engine::Result& result) {
    const auto* diagnostics = result ? nullptr : std::get_if<Diagnostics>(&result.error());
    return diagnostics != nullptr && std::ranges::any_of(*diagnostics, [](const Diagnostic& one) {
               return one.code == Code::ChangeVetoed;
           });
}

bool is_disturbed(const Engine::Result& result) {
    const auto* error = result ? nullptr : std::get_if<Error>(&result.error());
    return error != nullptr && error->cause == make_error_code(Problem::Disturbed);
}

}  // namespace

struct Follower::Loop {
    std::shared_ptr<Engine> engine;
    std::shared_ptr<Watcher> watcher;
    FollowerOptions options;

    std::mutex mutex;
    std::condition_variable woken;
    bool is_over = false;
    bool has_changed = false;

    // What follows is the thread's alone.
    std::vector<std::filesystem::path> watched{};
    std::unique_ptr<Watch> watch{};
    bool is_due = false;           ///< There is something to load, as far as is known.
    std::uint64_t known_events{};  ///< Of `watch`, as it was last asked, ...
    Fingerprints known_files{};    ///< ... and the files, because not every file system tells.
    Clock::time_point last_change{};
    Clock::time_point attempted_at{};
    std::optional<Clock::time_point> unrest_since{};  ///< Changes wait to be loaded since then.
    std::optional<Clock::time_point> retry_at{};
    std::chrono::milliseconds retry_after{};
    /// How the files looked as the world was last in the way: as long as they do, only time helps.
    std::optional<Sight> failed_with{};

    /// From the watcher's thread.
    void note_change() {
        const std::lock_guard lock{mutex};
        has_changed = true;
        woken.notify_all();
    }

    /// Watches what the last load has asked for. Once more where the kernel has refused: it may not any more.
    void watch_files(const std::shared_ptr<Loop>& self) {
        std::vector<std::filesystem::path> files;
        for (const auto& [path, found] : engine->files_seen()) {
            files.push_back(path);
        }
        files.push_back(reload_request_file(engine->state_dir()));
        if (watch == nullptr || files != watched || !watch->is_complete()) {
            auto fresh = watcher->watch(files, [weak = std::weak_ptr{self}] {
                if (const auto loop = weak.lock()) {
                    loop->note_change();
                }
            });
            watch = std::move(fresh);
            watched = std::move(files);
            known_events = watch->events();
            // What happened between the load and the watch.
            is_due = is_due || has_news() || asked().has_value();
        }
        engine->set_following(watch->is_complete() ? Following::Active : Following::Polling);
    }

    /// Whether the files are, for sure, as the last load has found them. Who cannot be asked has changed.
    [[nodiscard]] bool is_as_seen() const {
        return std::ranges::all_of(engine->files_seen(), [](const auto& seen) {
            const auto now = fingerprint_of(seen.first);
            return now && *now == seen.second && !seen.second.is_young;
        });
    }

    [[nodiscard]] Sight sight() const {
        Sight sight;
        for (const auto& [path, found] : engine->files_seen()) {
            sight.emplace(path, look_at(path));
        }
        return sight;
    }

    /// Whether there is anything to load that has not been tried.
    [[nodiscard]] bool has_news() const {
        if (!failed_with) {
            return !is_as_seen();
        }
        return std::ranges::any_of(*failed_with, [](const auto& then) {
            return look_at(then.first) != then.second || (then.second && then.second->is_young);
        });
    }

    /// Looks whether anything has happened since the last look.
    void look() {
        Fingerprints files;
        for (const auto& path : watched) {
            files.emplace(path, fingerprint_of(path).value_or(Fingerprint{}));
        }
        const auto events = watch->events();
        if (events != known_events || files != known_files) {
            known_events = events;
            known_files = std::move(files);
            last_change = Clock::now();
        }
    }

    /// Whether somebody has files brought into place together, and recorded, and is not done yet: what is
    /// there may still be taken back. A journal that a crash has left is no reason to wait for long.
    [[nodiscard]] bool is_changing_together() const { return history::is_changing(engine->state_dir()); }

    /// When an optional layer that is gone counts as removed; once for each time that it is waited for.
    [[nodiscard]] std::optional<Clock::time_point> gone_for_good_at() const {
        const auto at = engine->look_again_at();
        return at && *at > attempted_at ? at : std::nullopt;
    }

    /// Until something has changed, the next look is due, or it is over.
    void wait(std::unique_lock<std::mutex>& lock) {
        auto until = Clock::now() + options.poll;
        for (const auto& other : {gone_for_good_at(), retry_at, std::optional{engine->upkeep_at()}}) {
            until = other ? std::min(until, *other) : until;
        }
        woken.wait_until(lock, until, [this] { return is_over || has_changed; });
    }

    /// Until nothing has changed for the debounce, and nobody is in the middle of writing; or until patience
    /// is lost.
    Patience let_rest(std::unique_lock<std::mutex>& lock) {
        unrest_since = unrest_since.value_or(Clock::now());
        const auto loses_patience = *unrest_since + std::max(options.rest_at_most, options.debounce);
        while (!is_over) {
            has_changed = false;
            lock.unlock();
            look();
            const auto now = Clock::now();
            auto until = std::min(last_change + options.debounce, loses_patience);
            if (now >= until) {
                const bool is_in_the_middle =
                    watch->is_being_written() || (now < loses_patience && is_changing_together());
                if (!is_in_the_middle) {
                    lock.lock();
                    break;
                }
                if (now >= std::min(std::max(last_change, *unrest_since) + options.writer_pauses,
                                    *unrest_since + options.writer_at_most)) {
                    lock.lock();
                    return Patience::Gone;
                }
                until = now + kWriterPause;
            }
            lock.lock();
            woken.wait_until(lock, until, [this] { return is_over || has_changed; });
        }
        return Clock::now() < loses_patience ? Patience::Fresh : Patience::Thin;
    }

    /// What somebody asks of this process, and has no answer to yet. One that cannot be read was not written
    /// for it.
    [[nodiscard]] std::optional<ReloadRequest> asked() const {
        auto request = read_reload_request(engine->state_dir());
        return request && engine->is_asked(*request) ? std::move(request) : std::nullopt;
    }

    void reload(Patience patience, const std::optional<ReloadRequest>& request) {
        attempted_at = Clock::now();
        const bool is_retry = !request && retry_at && attempted_at >= *retry_at && !has_news();
        Sight tried = sight();
        const auto result =
            engine->reload({.author = request ? request->author : std::string{},
                            .accept_missing = request && request->accept_missing,
                            .is_retry = is_retry,
                            .is_disturbed = [&] {
                                return patience != Patience::Gone &&
                                       (watch->is_being_written() ||
                                        (patience == Patience::Fresh &&
                                         (watch->events() != known_events || is_changing_together())));
                            }});  // What went wrong stands in health.
        is_due = is_disturbed(result);
        if (is_due) {
            return;
        }
        if (request) {
            engine->answer(*request, result);
        }
        unrest_since.reset();
        failed_with.reset();
        retry_at.reset();
        if (is_of_the_world(result)) {
            failed_with = std::move(tried);
            retry_at = Clock::now() + options.poll;
        } else if (is_vetoed(result)) {
            retry_after =
                is_retry ? std::min<std::chrono::milliseconds>(2 * retry_after, kRetryAtMost) : options.poll;
            retry_at = Clock::now() + retry_after;
        }
    }

    void run(const std::shared_ptr<Loop>& self) {
        if (engine->files_seen().empty()) {  // Started from the history: nobody could look at the files.
            failed_with.emplace();
            retry_at = Clock::now() + options.poll;
        }
        watch_files(self);
        std::unique_lock lock{mutex};
        while (!is_over) {
            if (!is_due) {
                wait(lock);
            }
            const Patience patience = let_rest(lock);
            if (is_over) {
                return;
            }
            lock.unlock();
            const auto gone_at = gone_for_good_at();
            const auto now = Clock::now();
            const auto request = asked();
            if (request || is_due || (gone_at && now >= *gone_at) || (retry_at && now >= *retry_at) ||
                has_news()) {
                reload(patience, request);
            } else {
                unrest_since.reset();
            }
            if (!is_due) {
                watch_files(self);
                engine->upkeep();
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
    // A subscriber: the thread waits for it, and would be waited for until its deadline.
    const bool is_in_callback = loop_->engine->subscribers().is_inside();
    if (is_in_callback || thread_.get_id() == std::this_thread::get_id()) {
        thread_.detach();
    } else {
        thread_.join();
    }
}

}  // namespace quantconf::live
