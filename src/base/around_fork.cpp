#include "base/around_fork.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>

#include <pthread.h>

#include "base/assert.hpp"

namespace quantconf {
namespace {

constexpr std::size_t kLevels = 3;

/// pthread_atfork() alone runs its handlers in the order of their registration, backwards: whose came last
/// would depend on what a program happened to use first.
class Handlers {
public:
    static Handlers& of_process() {
        static auto* const kHandlers = new Handlers;  // Never destroyed: fork() may come at any time.
        return *kHandlers;
    }

    void add(ForkLevel level, const AroundFork& calls) {
        const AroundFork* none = nullptr;
        const bool is_first =
            levels_.at(static_cast<std::size_t>(level)).compare_exchange_strong(none, new AroundFork{calls});
        QC_ASSERT(is_first);
    }

private:
    Handlers() {
        const int error = ::pthread_atfork([] { of_process().before(); }, [] { of_process().in_parent(); },
                                           [] { of_process().in_child(); });
        QC_ASSERT(error == 0);
    }

    void before() {
        mutex_.lock();  // Until the fork is over: two threads may fork at once.
        for (std::size_t level = 0; level < kLevels; ++level) {
            // A level that comes into being while those before it wait counts.
            done_.at(level) = levels_.at(level).load();
            if (done_.at(level) != nullptr) {
                done_.at(level)->before();
            }
        }
    }
    void in_parent() {
        for (std::size_t level = kLevels; level-- > 0;) {
            if (done_.at(level) != nullptr) {
                done_.at(level)->in_parent();
            }
        }
        mutex_.unlock();
    }
    void in_child() {
        for (std::size_t level = kLevels; level-- > 0;) {
            if (done_.at(level) != nullptr) {
                done_.at(level)->in_child();
            }
        }
        mutex_.unlock();
    }

    std::array<std::atomic<const AroundFork*>, kLevels> levels_{};
    std::mutex mutex_;
    std::array<const AroundFork*, kLevels> done_{};  ///< Whose `before` has run: those have an afterwards.
};

}  // namespace

void around_fork(ForkLevel level, const AroundFork& calls) {
    Handlers::of_process().add(level, calls);
}

}  // namespace quantconf
