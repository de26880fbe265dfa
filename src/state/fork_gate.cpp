#include "state/fork_gate.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "base/around_fork.hpp"
#include "state/connection.hpp"

namespace quantconf::state {
namespace {

/// How deep this thread is inside. A nested call never waits for a fork: that one waits for it.
thread_local int depth = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

ForkGate& ForkGate::of_process() {
    static auto* const kGate = new ForkGate;  // Never destroyed: fork() may come at any time.
    return *kGate;
}

ForkGate::ForkGate() {
    around_fork(ForkLevel::Databases, {.before = [] { of_process().before_fork(); },
                                       .in_parent = [] { of_process().in_parent(); },
                                       .in_child = [] { of_process().in_child(); }});
}

void ForkGate::enter() {
    if (depth++ > 0) {
        return;
    }
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return !is_forking_; });
    ++inside_;
}

void ForkGate::leave() noexcept {
    if (--depth > 0) {
        return;
    }
    const std::lock_guard lock{mutex_};
    --inside_;
    if (is_forking_) {
        changed_.notify_all();
    }
}

bool ForkGate::is_to_give_way() {
    const std::lock_guard lock{mutex_};
    return is_forking_ && depth == 1;
}

void ForkGate::add(Connection* connection) {
    const std::lock_guard lock{mutex_};
    open_.push_back(connection);
}

void ForkGate::remove(Connection* connection) noexcept {
    const std::lock_guard lock{mutex_};
    std::erase(open_, connection);
    std::erase(inherited_, connection);
}

bool ForkGate::leave_parent() {
    std::vector<Connection*> inherited;
    {
        const std::lock_guard lock{mutex_};
        if (is_lost_) {
            return false;
        }
        inherited = std::exchange(inherited_, {});
    }
    const bool is_left =
        std::ranges::all_of(inherited, [](Connection* connection) { return connection->leave_parent(); });
    const std::lock_guard lock{mutex_};
    is_lost_ = is_lost_ || !is_left;
    return is_left;
}

void ForkGate::before_fork() {
    std::unique_lock lock{mutex_};
    is_forking_ = true;
    const int own = depth > 0 ? 1 : 0;  // Whoever forks inside of a transaction would wait for himself.
    const bool is_quiet = changed_.wait_for(lock, kWait, [&] { return inside_ == own; });
    is_lost_in_child_ = !is_quiet;
    lock.release();  // Until the fork is over.
}

void ForkGate::in_parent() {
    is_forking_ = false;
    mutex_.unlock();
    changed_.notify_all();
}

void ForkGate::in_child() {
    inside_ = depth > 0 ? 1 : 0;
    is_forking_ = false;
    is_lost_ = is_lost_ || is_lost_in_child_;
    inherited_.insert(inherited_.end(), open_.begin(), open_.end());
    open_.clear();
    // Threads of the parent may wait here; the child has none of them, and would wait for them at the end.
    new (&changed_) std::condition_variable;
    mutex_.unlock();
}

}  // namespace quantconf::state
