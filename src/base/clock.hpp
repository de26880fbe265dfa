#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace quantconf {

/// A moment, in microseconds of UTC.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

/// What time it is. Passed in, so that a test decides. Any thread.
///
/// For what people read and for dates of expiry. Order comes from counters: this clock may jump back.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    [[nodiscard]] virtual Time now() const = 0;
};

/// The system's. Stateless.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Time now() const override;
};

/// Stands still until a test moves it. One thread.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Time start = {}) : now_{start} {}

    [[nodiscard]] Time now() const override { return now_; }
    void set(Time now) { now_ = now; }
    void advance(std::chrono::microseconds by) { now_ += by; }

private:
    Time now_;
};

/// RFC 3339 in UTC, always with six decimals: "2026-03-01T09:30:00.000250Z". Years 0 to 9999; what lies
/// outside is shown as the nearest moment inside.
[[nodiscard]] std::string to_rfc3339(Time time);

/// Reads RFC 3339 with "Z" or an offset, and nothing else: no missing zone, no 30 February, no leap second.
/// Digits behind the sixth decimal are dropped.
[[nodiscard]] std::optional<Time> parse_rfc3339(std::string_view text);

}  // namespace quantconf
