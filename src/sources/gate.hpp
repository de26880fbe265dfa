#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <stop_token>
#include <utility>

#include "quantconf/detail/mutex.hpp"
#include "quantconf/types.hpp"

namespace quantconf::sources {

/// Lets at most so many requests be under way at one time. Of those who wait the lowest rank goes first,
/// inside a rank who came first; but every tenth place goes to whoever waits longest, so that nobody waits
/// for ever. Any thread.
class Gate {
public:
    explicit Gate(std::size_t places) : places_{places} {}
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    /// A place, given back by its destructor.
    class [[nodiscard]] Pass {
    public:
        explicit Pass(Gate& gate) : gate_{&gate} {}
        Pass(Pass&& other) noexcept : gate_{std::exchange(other.gate_, nullptr)} {}
        Pass& operator=(Pass&&) = delete;
        ~Pass() {
            if (gate_ != nullptr) {
                gate_->leave();
            }
        }

    private:
        Gate* gate_;
    };

    /// Nothing if `patience` was not enough, or `stop` was asked for.
    [[nodiscard]] std::optional<Pass> enter(std::uint8_t rank, Duration patience, const std::stop_token& stop)
        QC_EXCLUDES(mutex_);
    /// More: those who wait go on. Fewer: nobody is thrown out, but nobody comes in until it is so few.
    void set_places(std::size_t places) QC_EXCLUDES(mutex_);
    [[nodiscard]] std::size_t waiting() const QC_EXCLUDES(mutex_);

private:
    struct Waiting;

    void leave() QC_EXCLUDES(mutex_);
    void admit() QC_REQUIRES(mutex_);

    mutable Mutex mutex_;
    std::size_t places_ QC_GUARDED_BY(mutex_);
    std::size_t inside_ QC_GUARDED_BY(mutex_) = 0;
    std::uint64_t admitted_ QC_GUARDED_BY(mutex_) = 0;
    std::list<Waiting*> waiting_ QC_GUARDED_BY(mutex_);  ///< In the order of their coming.
};

}  // namespace quantconf::sources
