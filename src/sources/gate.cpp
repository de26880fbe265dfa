#include "sources/gate.hpp"

#include <algorithm>
#include <condition_variable>

namespace quantconf::sources {

namespace {

constexpr std::uint64_t kTurnOfTheOldest = 10;

}  // namespace

struct Gate::Waiting {
    std::uint8_t rank = 0;
    bool is_admitted = false;
    std::condition_variable_any called = {};
};

std::optional<Gate::Pass> Gate::enter(std::uint8_t rank, Duration patience, const std::stop_token& stop) {
    mutex_.lock();
    if (waiting_.empty() && inside_ < places_) {
        ++inside_;
        ++admitted_;
        mutex_.unlock();
        return Pass{*this};
    }
    Waiting self{.rank = rank};
    waiting_.push_back(&self);
    self.called.wait_for(mutex_, stop, patience, [&self] { return self.is_admitted; });
    const bool is_admitted = self.is_admitted;
    if (!is_admitted) {
        std::erase(waiting_, &self);
    }
    mutex_.unlock();
    return is_admitted ? std::optional<Pass>{*this} : std::nullopt;
}

void Gate::set_places(std::size_t places) {
    const MutexLock lock{mutex_};
    places_ = places;
    admit();
}

std::size_t Gate::waiting() const {
    const MutexLock lock{mutex_};
    return waiting_.size();
}

void Gate::leave() {
    const MutexLock lock{mutex_};
    --inside_;
    admit();
}

void Gate::admit() {
    while (inside_ < places_ && !waiting_.empty()) {
        ++inside_;
        ++admitted_;
        const auto next =
            admitted_ % kTurnOfTheOldest == 0
                ? waiting_.begin()
                : std::ranges::min_element(waiting_, {}, &Waiting::rank);  // The first of equals.
        (*next)->is_admitted = true;
        (*next)->called.notify_one();  // Under the lock: afterwards the waiting one may be gone.
        waiting_.erase(next);
    }
}

}  // namespace quantconf::sources
