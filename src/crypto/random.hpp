#pragma once

#include <span>

#include "quantconf/error.hpp"

namespace quantconf::crypto {

/// Where unpredictable bytes come from. Passed in, so that tests can repeat themselves, and can fail.
class Random {
public:
    Random() = default;
    Random(const Random&) = delete;
    Random& operator=(const Random&) = delete;
    virtual ~Random() = default;

    /// Fills the whole span, or says why not; then nothing of it may be used.
    [[nodiscard]] virtual Outcome<void> fill(std::span<char> out) = 0;
};

/// The kernel's: getrandom(2), without a user-space generator that a fork could repeat. Any thread.
class SystemRandom final : public Random {
public:
    [[nodiscard]] Outcome<void> fill(std::span<char> out) override;
};

}  // namespace quantconf::crypto
