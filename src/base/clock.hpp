#pragma once

#include <chrono>

namespace quantconf {

/// What time it is. Passed in, so that a test decides.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    [[nodiscard]] virtual std::chrono::system_clock::time_point now() const = 0;
};

/// The wall clock of this machine. Any thread.
class SystemClock final : public Clock {
public:
    [[nodiscard]] std::chrono::system_clock::time_point now() const override {
        return std::chrono::system_clock::now();
    }
};

/// Stands still until a test moves it.
class ManualClock final : public Clock {
public:
    explicit ManualClock(std::chrono::system_clock::time_point now = {}) : now_{now} {}

    [[nodiscard]] std::chrono::system_clock::time_point now() const override { return now_; }
    void advance(std::chrono::milliseconds by) { now_ += by; }

private:
    std::chrono::system_clock::time_point now_;
};

}  // namespace quantconf
