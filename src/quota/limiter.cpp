#include "quota/limiter.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "quantconf/detail/try.hpp"
#include "quota/decide.hpp"

namespace quantconf::quota {
namespace {

using Answer = Outcome<std::expected<Receipt, Refused>>;
using Lock = std::unique_lock<std::mutex>;

constexpr std::size_t kClasses = 5;
constexpr int kTurn = 9;  ///< As in the ledger: of ten admissions one is for the others.
/// Somebody who waits only because others go first looks again after this time.
constexpr Duration kLookAgain = std::chrono::milliseconds{100};

struct Waiter {
    Class purpose;
    std::int64_t cost;
    Duration deadline;  ///< In time since boot.
    std::uint64_t number;
    std::condition_variable wake = {};
    std::optional<Answer> answer = {};
};

Answer refuse(Refused why) {
    return std::expected<Receipt, Refused>{std::unexpected{std::move(why)}};
}
Answer refuse(Decision decision) {
    return refuse(Refused{.wait = decision.wait, .because = std::move(decision.because)});
}

std::size_t index_of(Class purpose) noexcept {
    return static_cast<std::size_t>(purpose);
}

}  // namespace

/// One of the waiting threads, the keeper, sleeps until the ledger may say yes to whoever is next; all others
/// until they are told, or out of patience. There is no thread of its own.
struct Limiter::Impl {
    Impl(Ledger its_ledger, Limits its_limits)
        : ledger{std::move(its_ledger)}, limits{std::move(its_limits)} {}

    Ledger ledger;
    std::mutex mutex;  ///< Of everything below. std::mutex: condition variables know no other.
    Limits limits;
    std::array<std::deque<Waiter*>, kClasses> queues;
    std::uint64_t next_number = 0;
    int passed_over = 0;  ///< Admissions in a row for which somebody less urgent had to wait.
    Waiter* keeper = nullptr;
    Duration look_again_at{};  ///< When the keeper asks next, in time since boot.

    [[nodiscard]] Duration now() const { return ledger.timeline().since_boot(); }

    [[nodiscard]] std::int64_t cost_ahead_of(Class purpose) const {
        std::int64_t cost = 0;
        for (std::size_t i = 0; i <= index_of(purpose); ++i) {
            for (const Waiter* waiter : queues[i]) {
                cost += waiter->cost;
            }
        }
        return cost;
    }
    [[nodiscard]] bool has_waiters() const {
        return std::ranges::any_of(queues, [](const auto& queue) { return !queue.empty(); });
    }

    /// The first of each class, in the order in which they are asked for.
    [[nodiscard]] std::vector<Waiter*> candidates() const {
        std::vector<Waiter*> heads;
        for (const auto& queue : queues) {
            if (!queue.empty()) {
                heads.push_back(queue.front());
            }
        }
        if (passed_over >= kTurn && heads.size() > 1) {
            const auto oldest = std::ranges::min_element(heads.begin() + 1, heads.end(), {}, &Waiter::number);
            std::rotate(heads.begin(), oldest, oldest + 1);
        }
        return heads;
    }

    void note_admission(const Waiter& waiter) {
        const bool somebody_waits =
            std::any_of(queues.begin() + static_cast<std::ptrdiff_t>(index_of(waiter.purpose)) + 1,
                        queues.end(), [](const auto& queue) { return !queue.empty(); });
        passed_over = somebody_waits ? passed_over + 1 : 0;
    }

    void leave(Waiter& waiter) {
        std::erase(queues[index_of(waiter.purpose)], &waiter);
        if (keeper == &waiter) {
            keeper = nullptr;
        }
    }
    void finish(Waiter& waiter, Answer answer) {
        leave(waiter);
        waiter.answer = std::move(answer);
        waiter.wake.notify_all();
    }

    enum class Step { Done, Others, Wait };

    /// Asks the ledger for one of them.
    Step ask(Waiter& waiter, Duration& wait) {
        Outcome<Decision> decision = ledger.acquire(limits, waiter.purpose, waiter.cost);
        if (!decision) {
            finish(waiter, std::unexpected{std::move(decision).error()});
            return Step::Done;
        }
        if (decision->granted) {
            const bool was_turn = passed_over >= kTurn;
            finish(waiter, *decision->granted);
            was_turn ? void(passed_over = 0) : note_admission(waiter);
            return Step::Done;
        }
        if (!decision->wait || *decision->wait > waiter.deadline - now()) {
            finish(waiter, refuse(*std::move(decision)));
            return Step::Done;
        }
        wait = *decision->wait;
        if (!is_urgent(waiter.purpose)) {
            wait = decision->is_for_others ? std::min(wait, kLookAgain) : wait;
            ledger.wait_for_turn(wait + kLookAgain);
        }
        return decision->is_for_others ? Step::Others : Step::Wait;
    }

    /// Admits whom the ledger admits, and makes one of the others the keeper.
    void serve() {
        while (true) {
            Waiter* next = nullptr;
            Duration soonest = Duration::max();
            bool is_settled = true;
            for (Waiter* waiter : candidates()) {
                Duration wait{};
                const Step step = ask(*waiter, wait);
                if (step == Step::Done) {
                    is_settled = false;
                    break;
                }
                if (wait < soonest) {
                    soonest = wait;
                    next = waiter;
                }
                if (step == Step::Wait) {
                    break;
                }
            }
            if (is_settled) {
                look_again_at = next != nullptr ? now() + soonest : Duration::max();
                keeper = next;
                if (keeper != nullptr) {
                    keeper->wake.notify_all();
                }
                return;
            }
        }
    }

    Answer wait_for(Lock& lock, Waiter& waiter, const std::stop_token& stop) {
        serve();
        while (!waiter.answer) {
            if (stop.stop_requested()) {
                finish(waiter, refuse(Refused{.because = "cancelled", .was_cancelled = true}));
            } else if (keeper == &waiter && now() >= look_again_at) {
                serve();
                continue;
            } else if (now() >= waiter.deadline) {
                finish(waiter, refuse(Refused{.wait = Duration::zero(),
                                              .because = "others went first until the time was up"}));
            } else {
                const Duration until =
                    keeper == &waiter ? std::min(waiter.deadline, look_again_at) : waiter.deadline;
                ledger.timeline().sleep(lock, waiter.wake, until);
                continue;
            }
        }
        if (keeper == nullptr && has_waiters()) {
            serve();
        }
        return *std::move(waiter.answer);
    }
};

Limiter::Limiter(Ledger ledger, Limits limits)
    : impl_{std::make_unique<Impl>(std::move(ledger), std::move(limits))} {}
Limiter::Limiter(Limiter&&) noexcept = default;
Limiter::~Limiter() = default;

Answer Limiter::try_acquire(Class purpose, std::int64_t cost) {
    return acquire(purpose, Duration::zero(), {}, cost);
}

Answer Limiter::acquire(Class purpose, Duration patience, std::stop_token stop, std::int64_t cost) {
    Impl& impl = *impl_;
    Waiter waiter{.purpose = purpose, .cost = cost, .deadline = Duration::max(), .number = 0};
    const Duration start = impl.now();
    waiter.deadline = patience < Duration::max() - start ? start + patience : Duration::max();
    // Outside of the lock: a callback that runs now waits for it.
    const std::stop_callback on_stop{stop, [&] {
                                         const std::lock_guard hold{impl.mutex};
                                         waiter.wake.notify_all();
                                     }};
    Lock lock{impl.mutex};
    if (const std::int64_t ahead = impl.cost_ahead_of(purpose); ahead > 0) {
        QC_TRY(Decision earliest, impl.ledger.forecast(impl.limits, purpose, cost, ahead));
        if (!earliest.wait || *earliest.wait > patience) {
            return refuse(std::move(earliest));
        }
    }
    waiter.number = impl.next_number++;
    impl.queues[index_of(purpose)].push_back(&waiter);
    return impl.wait_for(lock, waiter, stop);
}

void Limiter::set_limits(Limits limits) {
    const std::lock_guard hold{impl_->mutex};
    impl_->limits = std::move(limits);
    impl_->serve();
}

Limits Limiter::limits() const {
    const std::lock_guard hold{impl_->mutex};
    return impl_->limits;
}

Ledger& Limiter::ledger() noexcept {
    return impl_->ledger;
}

}  // namespace quantconf::quota
