#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "live/caller.hpp"
#include "quantconf/detail/live_config.hpp"
#include "quantconf/detail/mutex.hpp"

namespace quantconf::live {

/// One change as the subscribers are told about it. Shared, because a subscriber that missed its deadline may
/// still be looking.
struct Announcement {
    std::shared_ptr<const void> before;
    std::shared_ptr<const void> after;
    ConfigChanges changes;
    VersionLabel version;
};

/// Why a change does not happen.
struct Veto {
    std::string path;    ///< What the subscriber watches.
    std::string reason;  ///< Its words, or ours where it threw or was too slow.
};

/// Who wants to know. Any thread; calls happen one after the other, on a thread of their own, outside of
/// every lock.
class Subscribers {
public:
    Subscribers();
    Subscribers(const Subscribers&) = delete;
    Subscribers& operator=(const Subscribers&) = delete;
    ~Subscribers();

    /// The result ends it; see detail::Unsubscribe. It may outlive this object.
    [[nodiscard]] std::unique_ptr<detail::Unsubscribe> add(std::string path,
                                                           detail::UntypedCallbacks callbacks);

    /// Asks everybody whose path changes; the first veto ends the asking.
    [[nodiscard]] std::optional<Veto> prepare(const std::shared_ptr<const Announcement>& announcement);
    /// Tells them. The result is how many threw or missed their deadline.
    [[nodiscard]] std::size_t commit(const std::shared_ptr<const Announcement>& announcement);

    /// From now on nobody is called any more, and every change is vetoed: nobody could be asked.
    void end_all() QC_EXCLUDES(mutex_);
    /// Around fork(): no lock may be held by a thread that the child will not have. There nobody is in a call
    /// any more, but for the thread that forked, if it was.
    void before_fork();
    void after_fork(bool is_child);
    /// In a child, with an engine of its own: the subscribers of the parent's engine, which `parent` was a
    /// part of. They are called on threads of this process.
    void take_over(Subscribers& parent) QC_EXCLUDES(mutex_);

    /// Whether this thread is inside a call of one of them.
    [[nodiscard]] bool is_inside() const noexcept;

private:
    struct Entry;
    class Handle;

    [[nodiscard]] std::vector<std::shared_ptr<Entry>> concerned(const ConfigChanges& changes);
    [[nodiscard]] bool is_over() const QC_EXCLUDES(mutex_);

    mutable Mutex mutex_;
    std::vector<std::shared_ptr<Entry>> entries_ QC_GUARDED_BY(mutex_);
    bool is_over_ QC_GUARDED_BY(mutex_) = false;
    Caller caller_;
};

/// Whether a change of `changed` concerns who watches `watched`: the same path, one beneath or one above it.
[[nodiscard]] bool concerns(std::string_view watched, std::string_view changed);

}  // namespace quantconf::live
